"""`/metrics`, scraped over HTTP beside a pipeline that is in the middle of a run."""

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.request import urlopen

import httpx
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from gristmill.db.attempts import record
from gristmill.db.ledger import StoreLedger
from gristmill.db.sessions import Engine, writing
from gristmill.db.tables.core import AttemptRow, VerdictRow, table
from gristmill.generators.http.endpoint import Endpoint
from gristmill.runs.metrics_server import RunMetrics, StoredCounts, metrics_served
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.pipeline import Pipeline, PipelineSettings
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.records import Draw, FinishReason, Outcome, Prompt, Response
from gristmill.sampling.scheduler import Scheduler
from tests.db.samples import RUN, a_failure, a_problem, an_attempt, commit, start_run, store
from tests.sampling.ports import GatedGenerator, TextJudge, prompt_of

PROBLEMS = [a_problem(number) for number in range(6)]
Numbers = dict[tuple[str, tuple[str, ...]], float]


@dataclass(frozen=True, slots=True)
class Limit:
    size: int = 64
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    up: bool = True
    in_flight: int = 0
    away_seconds: float = 0.0
    limit: Limit = field(default_factory=Limit)


SERVERS = cast(
    list[Endpoint],
    [Server("a:1", in_flight=3), Server("b:2", up=False), Server("c:3", limit=Limit(1, trial=True))],
)


class Held(GatedGenerator):
    """Answers the first four draws, and holds all others."""

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        if len(self.asked) == 4:
            self.busy.set()
            await asyncio.Event().wait()
        self.asked.append(draw)
        return Response("right", FinishReason.STOP, 11, 5, 0.5, "tiny")


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """A store on SQLite with the run, which has a failure and nothing else."""
    start_run(sqlite_engine, PROBLEMS)
    return sqlite_engine


def config() -> RunConfig:
    flags = {"dataset": {"dataset": "demo"}, "generator": {"backend": "scripted", "model": "tiny"}}
    return run_config("dart-uniform", flags)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def scraped(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as reply:
        return str(reply.read().decode())


def numbers(text: str) -> Numbers:
    """By name and the values of the labels that are not the run's own."""
    own = {"run", "recipe", "model"}
    return {
        (sample.name, tuple(value for name, value in sample.labels.items() if name not in own)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def pipeline(engine: Engine, held: Held) -> Pipeline:
    scheduler = Scheduler(
        [problem.id for problem in PROBLEMS], Policy(PolicyName.UNIFORM, quota=1, ceiling=4), 7
    )
    return Pipeline(
        scheduler,
        {problem.id: problem for problem in PROBLEMS},
        prompt_of,
        held,
        TextJudge(),
        StoreLedger(engine, RUN),
        PipelineSettings(concurrency=2, group_seconds=0.0, grace_seconds=0.0),
    )


async def test_a_scrape_in_mid_run_shows_it_as_it_is(engine: Engine) -> None:
    store(engine, [], RUN)
    held, port, stop = Held(), free_port(), asyncio.Event()
    with metrics_served(port, engine, RUN, config(), servers=lambda: SERVERS, problems=6) as show:
        assert numbers(await asyncio.to_thread(scraped, port)) == {("gristmill_run_open", ()): 0}
        running = show(pipeline(engine, held))
        drawing = asyncio.create_task(running.run(stop))
        await held.busy.wait()
        text = await asyncio.to_thread(scraped, port)
        stop.set()
        await drawing
    found = numbers(text)
    assert 'recipe="dart-uniform"' in text
    assert f'run="{RUN}"' in text
    assert 'model="tiny"' in text
    expected = {
        ("gristmill_run_open", ()): 1,
        ("gristmill_in_flight", ()): 2,
        ("gristmill_concurrency", ()): 2,
        ("gristmill_judge_queue", ()): 0,
        ("gristmill_attempts_total", ("accepted",)): 4,
        ("gristmill_attempts_total", ("rejected",)): 0,
        ("gristmill_attempts_total", ("undecided",)): 0,
        ("gristmill_completion_tokens_total", ()): 20,
        ("gristmill_problems_stopped", ("quota_met",)): 4,
        ("gristmill_problems_stopped", ("ceiling_reached",)): 0,
        ("gristmill_problems_open", ()): 2,
        ("gristmill_quota_met_ratio", ()): 4 / 6,
        ("gristmill_done_ratio", ()): 4 / 6,
        ("gristmill_server_state", ("a:1", "up")): 1,
        ("gristmill_server_state", ("a:1", "out")): 0,
        ("gristmill_server_state", ("b:2", "out")): 1,
        ("gristmill_server_state", ("c:3", "trial")): 1,
        ("gristmill_server_window", ("a:1",)): 64,
        ("gristmill_server_in_flight", ("a:1",)): 3,
    }
    assert {key: found.get(key) for key in expected} == expected
    assert found["gristmill_ledger_queue", ()] <= 4
    assert found["gristmill_drawing_seconds", ()] > 0


def test_what_the_store_knows_is_by_reason_and_kind(engine: Engine) -> None:
    store(engine, [an_attempt(PROBLEMS[0], 0), an_attempt(PROBLEMS[0], 1, Outcome.REJECTED)])
    commit(engine, record, RUN, [], [a_failure(PROBLEMS[0], 2), a_failure(PROBLEMS[0], 3, "http-500")], [])
    metrics = RunMetrics({"run": RUN}, StoredCounts(engine, RUN), tuple, 6)
    found = {
        (sample.name, *list(sample.labels.values())[1:]): sample.value
        for family in metrics._of_store()
        for sample in family.samples
    }
    assert found == {
        ("gristmill_attempts_by_reason_total", "accepted", "equal"): 1,
        ("gristmill_attempts_by_reason_total", "rejected", "not-equal"): 1,
        ("gristmill_prompt_tokens_total",): 22,
        ("gristmill_failures_total", "timeout"): 1,
        ("gristmill_failures_total", "http-500"): 1,
    }


def test_the_store_is_asked_no_more_often_than_it_can_bear(engine: Engine) -> None:
    moments = iter([0.0, 1.0, 1.0, 20.9, 21.1, 21.1, 21.1])  # the first answer takes a second
    counts = StoredCounts(engine, RUN, lambda: next(moments))
    assert counts.read()[0] == []
    store(engine, [an_attempt(PROBLEMS[0], 0)])
    assert counts.read()[0] == []
    assert [row.attempts for row in counts.read()[0]] == [1]


def test_a_store_that_cannot_be_read_leaves_the_numbers_as_they_were(engine: Engine) -> None:
    moments = iter(float(number) for number in range(0, 1000, 100))
    store(engine, [an_attempt(PROBLEMS[0], 0)])
    counts = StoredCounts(engine, RUN, lambda: next(moments))
    before = counts.read()
    with writing(engine) as session:
        session.execute(table(VerdictRow).delete())
        session.execute(table(AttemptRow).delete())
    engine.dispose()
    Path(str(engine.url.database)).write_bytes(b"no database any more" * 100)
    assert counts.read() == before


def test_a_port_that_is_taken_is_said_before_anything_is_drawn(engine: Engine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=f"--metrics-port {port}: .*in use"),
            metrics_served(port, engine, RUN, config()),
        ):
            pass


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({}, True),
        ({"Host": "localhost:{port}"}, True),
        ({"Host": "[::1]:{port}"}, True),
        ({"Host": "rebound.example:{port}"}, False),
        ({"Host": "127.0.0.1.rebound.example:{port}"}, False),
        ({"Host": "rebound.example"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_page_of_the_web_does_not_read_it(engine: Engine, headers: dict[str, str], answered: bool) -> None:
    port = free_port()
    given = {name: value.format(port=port) for name, value in headers.items()}
    with metrics_served(port, engine, RUN, config()):
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", headers=given, trust_env=False)
    assert (answer.status_code, "gristmill_run_open" in answer.text) == (
        (200, True) if answered else (421, False)
    )


def test_a_port_is_free_again_afterwards_and_is_not_taken_without_a_number(engine: Engine) -> None:
    port = free_port()
    for _ in range(2):
        with metrics_served(port, engine, RUN, config()):
            assert numbers(scraped(port)) == {("gristmill_run_open", ()): 0}
    with metrics_served(None, engine, RUN, config()), pytest.raises(OSError, match="refused"):
        scraped(port)


@pytest.mark.parametrize("name", ['a"b\\c\nd', "lone \ud800", "\x00\u202e", "x" * 10_000])
def test_names_of_any_text_leave_the_page_well_formed(engine: Engine, name: str) -> None:
    registry = CollectorRegistry()
    registry.register(RunMetrics({"recipe": name}, StoredCounts(engine, RUN), tuple, None))
    [family] = text_string_to_metric_families(generate_latest(registry).decode())
    shown = family.samples[0].labels["recipe"]
    assert shown == name[:200].encode("utf-8", "backslashreplace").decode()
