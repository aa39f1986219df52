"""Prometheus exporter: `/metrics` of a run on the loopback address, while it draws.

Nothing is counted for it in the loop that draws: a scrape reads the live numbers as they stand, and what only
the store knows (reasons, failures, tokens of prompts) comes from there, no more often than costs a twentieth
of the time. Those numbers are a few seconds old, and count all sessions of the run.

Source: Prometheus' practices for writing exporters, and `prometheus_client`, whose server and text format
these are. What this does not do: serve any machine but its own, or a page of the web that is open here, or
outlive the drawing.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, make_wsgi_app, start_http_server
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gristmill.db.reports.summary import ReasonCount, failure_kinds, reason_counts
from gristmill.db.sessions import Engine, reading
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError, StoreError
from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.ports import DrawPlan
from gristmill.sampling.records import Outcome, StopReason

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from gristmill.generators.http.endpoint import Endpoint

HOST = "127.0.0.1"
_OUR_NAMES = (HOST, "localhost", "[::1]")
_LEAST_SECONDS = 5.0
_SHARE = 20.0
"""The store is asked again after this many times what the last answer took."""

_LONGEST_LABEL = 200


Servers = Callable[[], "Sequence[Endpoint]"]
Sample = tuple[tuple[str, ...], float]
"""Values of labels, and the number."""


class StoredCounts:
    """What the store knows, asked for no more often than it can bear. For any thread."""

    def __init__(self, engine: Engine, run_id: str, clock: Callable[[], float] = monotonic) -> None:
        self._engine = engine
        self._run_id = run_id
        self._clock = clock
        self._lock = threading.Lock()
        self._due = float("-inf")
        self._reasons: list[ReasonCount] = []
        self._failures: dict[str, int] = {}

    def read(self) -> tuple[list[ReasonCount], dict[str, int]]:
        """Attempts by reason, failures by kind. A store that cannot be read leaves them as they were."""
        with self._lock:
            began = self._clock()
            if began >= self._due:
                with suppress(StoreError), reading(self._engine) as session:
                    self._reasons = reason_counts(session, self._run_id)
                    self._failures = failure_kinds(session, self._run_id)
                taken = self._clock() - began
                self._due = self._clock() + max(_LEAST_SECONDS, _SHARE * taken)
            return self._reasons, self._failures


class RunMetrics(Collector):
    """Reads one run as it stands. Before `show` gives it the pipeline, little is known."""

    def __init__(
        self, labels: Mapping[str, str], counts: StoredCounts, servers: Servers, problems: int | None
    ) -> None:
        """`labels` are on every number: values of any text, names as Prometheus wants them. `problems` None:
        the run has no fixed number of them.
        """
        self._labels = {name: _label(value) for name, value in labels.items()}
        self._counts = counts
        self._servers = servers
        self._problems = problems
        self._pipeline: Pipeline | None = None

    def show(self, pipeline: Pipeline) -> Pipeline:
        """From now on this one is shown; gives it back."""
        self._pipeline = pipeline
        return pipeline

    def collect(self) -> Iterable[Metric]:
        """In another thread than the run's: it reads single values, and goes through nothing that changes."""
        pipeline = self._pipeline
        yield self._gauge("run_open", "1 once responses are drawn, 0 before.", float(pipeline is not None))
        if pipeline is not None:
            yield from self._of_pipeline(pipeline)
            yield from self._of_problems(pipeline.scheduler)
            yield from self._of_servers()
            yield from self._of_store()

    def _of_pipeline(self, pipeline: Pipeline) -> Iterator[Metric]:
        plan, drawing = pipeline.scheduler, pipeline.drawing
        totals = plan.totals
        yield self._gauge("in_flight", "Draws at the generator.", drawing)
        yield self._gauge("concurrency", "Draws that may be at the generator.", pipeline.settings.concurrency)
        yield self._gauge("judge_queue", "Responses without a verdict yet.", max(0, plan.in_flight - drawing))
        yield self._gauge("ledger_queue", "Records that wait for the store.", pipeline.recorder.waiting)
        yield self._gauge("drawing_seconds", "Drawing time, all sessions.", pipeline.elapsed_seconds)
        by_outcome = [((name.value,), float(getattr(totals, name.value))) for name in Outcome]
        yield self._counter("attempts", "Attempts by verdict, all sessions.", ("verdict",), by_outcome)
        yield self._counter("completion_tokens", "Tokens of responses.", (), [((), totals.tokens)])

    def _of_problems(self, plan: DrawPlan) -> Iterator[Metric]:
        stops = {reason.value: float(plan.totals.stops.get(reason, 0)) for reason in StopReason}
        by_reason = [((reason,), count) for reason, count in stops.items()]
        yield self._gauge("done_ratio", "How much of what the run is for is done.", plan.done_share)
        yield self._gauges("problems_stopped", "Problems by why they stopped.", ("reason",), by_reason)
        if self._problems:
            met = stops[StopReason.QUOTA_MET.value] / self._problems
            left = max(0.0, self._problems - sum(stops.values()))
            yield self._gauge("quota_met_ratio", "Share of problems whose quota is met.", met)
            yield self._gauge("problems_open", "Problems that may get more draws.", left)

    def _of_servers(self) -> Iterator[Metric]:
        servers = list(self._servers())
        states = [
            ((_label(server.name), state), float(state == _state(server)))
            for server in servers
            for state in ("up", "trial", "out")
        ]
        limits = [((_label(server.name),), float(server.limit.size)) for server in servers]
        flights = [((_label(server.name),), float(server.in_flight)) for server in servers]
        yield self._gauges("server_state", "1 for the state that it is in.", ("server", "state"), states)
        yield self._gauges("server_window", "Requests that it may have at once.", ("server",), limits)
        yield self._gauges("server_in_flight", "Requests that it has.", ("server",), flights)

    def _of_store(self) -> Iterator[Metric]:
        reasons, failures = self._counts.read()
        by_reason = [((row.outcome.value, row.reason), float(row.attempts)) for row in reasons]
        prompts = float(sum(row.prompt_tokens for row in reasons))
        kinds = [((kind,), float(count)) for kind, count in failures.items()]
        about = "Stored attempts by verdict and reason."
        yield self._counter("attempts_by_reason", about, ("verdict", "reason"), by_reason)
        yield self._counter("prompt_tokens", "Tokens of prompts, of stored attempts.", (), [((), prompts)])
        yield self._counter("failures", "Requests without a response, by kind.", ("kind",), kinds)

    def _gauge(self, name: str, about: str, value: float) -> Metric:
        return self._gauges(name, about, (), [((), value)])

    def _gauges(self, name: str, about: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> Metric:
        family = GaugeMetricFamily(f"gristmill_{name}", about, labels=[*self._labels, *labels])
        return self._filled(family, samples)

    def _counter(self, name: str, about: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> Metric:
        family = CounterMetricFamily(f"gristmill_{name}", about, labels=[*self._labels, *labels])
        return self._filled(family, samples)

    def _filled(self, family: GaugeMetricFamily | CounterMetricFamily, samples: Iterable[Sample]) -> Metric:
        for values, number in samples:
            family.add_metric([*self._labels.values(), *map(_label, values)], number)
        return family


@contextmanager
def metrics_served(
    port: int | None,
    engine: Engine,
    run_id: str,
    config: RunConfig,
    *,
    servers: Servers = tuple,
    problems: int | None = None,
) -> Iterator[Callable[[Pipeline], Pipeline]]:
    """Serves `http://127.0.0.1:PORT/metrics` for the block; gives what shows a pipeline there.

    None serves nothing. Raises ConfigError where the port cannot be had. Its end takes up to half a second.
    """
    labels = {"run": run_id, "recipe": config.recipe, "model": config.generator.model or ""}
    metrics = RunMetrics(labels, StoredCounts(engine, run_id), servers, problems)
    if port is None:
        yield metrics.show
        return
    registry = CollectorRegistry()
    registry.register(metrics)
    try:
        server, thread = start_http_server(port, HOST, registry)
        server.set_app(_for_programs_here(make_wsgi_app(registry)))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"--metrics-port {port}: {reason}; name another port, or none") from error
    try:
        yield metrics.show
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _for_programs_here(metrics: "WSGIApplication") -> "WSGIApplication":
    """The metrics, but for pages of a browser, which come from an origin or under a name made to mean us."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", "")).rpartition(":")[0] or environ.get("HTTP_HOST")
        if host in _OUR_NAMES and "HTTP_ORIGIN" not in environ:
            return metrics(environ, start)
        start("421 Misdirected Request", [("Content-Type", "text/plain")])
        return [b"Ask for it as 127.0.0.1."]

    return answer


def _state(server: "Endpoint") -> str:
    if not server.up:
        return "out"
    return "trial" if server.limit.trial else "up"


def _label(text: str) -> str:
    """Of bounded length, and such as UTF-8 can encode; the client escapes the rest."""
    return text[:_LONGEST_LABEL].encode("utf-8", "backslashreplace").decode()
