"""What a run costs beside a bare loop of the same requests: draws in flight, time, processor, memory.

    python -m benchmarks.pipeline
    python -m benchmarks.pipeline --memory

A stub server answers over HTTP on loopback with lognormal latencies. Four clients send it the same requests,
in the same order, one after the other, each as a command of its own against a fresh stub: a bare aiohttp
loop, and `gristmill run vanilla` (it verifies and stores every response) with SQLite, with PostgreSQL where
`--postgres` names a server, and through a temporary Prefect server. The stub measures what was in flight;
the processor time is that between its first request and its last reply. Everything shares the cores of one
machine, so read the ratios, and the stub's share of a core before them.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median

from benchmarks.memory import show_memory
from benchmarks.processes import Role, Server, Usage, measured, stub_server
from benchmarks.stores import START, postgres_database, postgres_server
from benchmarks.sums import bare_command, check_store, run_command

SIGMA = 0.6


class Client(StrEnum):
    """Who sends the requests."""

    BARE = "bare aiohttp loop"
    SQLITE = "verified, SQLite"
    POSTGRESQL = "verified, PostgreSQL"
    PREFECT = "verified, SQLite, Prefect"


@dataclass(frozen=True)
class Load:
    """How much is asked, and of whom: `problems` times `trials` requests, in flight over all `stubs`."""

    problems: int
    trials: int
    in_flight: int
    stubs: int = 1
    median_seconds: float = 0.5

    @property
    def requests(self) -> int:
        return self.problems * self.trials


@dataclass(frozen=True)
class Line:
    """One row of the table. Spans are seconds from the first request; CPU is seconds per 1,000 requests, and
    the stubs' in cores.
    """

    mean_in_flight: float
    to_last_request: float
    to_last_reply: float
    cpu: float
    verifier_cpu: float
    prefect_cpu: float
    stub_cores: float
    peak_mb: float
    verifier_peak_mb: float


@dataclass(frozen=True)
class Seen:
    """What the stubs saw, all of them together. Times are of the monotonic clock."""

    requests: int
    mean_in_flight: float
    first_request: float
    last_request: float
    last_reply: float


def measure(client: Client, load: Load, server: str | None) -> Line:
    """One client against fresh stubs, with a fresh store. Checks that it did all that it was asked."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gristmill-benchmark-")))
        stubs = [stack.enter_context(stub_server(load.median_seconds, SIGMA)) for _ in range(load.stubs)]
        store = f"sqlite:///{folder / 'store.db'}"
        if client is Client.POSTGRESQL and server is not None:
            store = stack.enter_context(postgres_database(server))
        environment = {"GRISTMILL_DATABASE_URL": store, "PREFECT_HOME": str(folder / "prefect")}
        asked = command(client, load, [stub.url for stub in stubs], folder)
        usage = measured(asked, Path.cwd(), environment, [stub.pid for stub in stubs])
        saw = seen(stubs)
        assert saw.requests == load.requests, saw
        if client is not Client.BARE:
            check_store(store, load.requests)
    return line(usage, saw)


def command(client: Client, load: Load, urls: Sequence[str], folder: Path) -> list[str]:
    if client is Client.BARE:
        return bare_command(folder, load.problems, load.trials, urls, load.in_flight)
    options = ["--concurrency", str(load.in_flight)]
    for url in urls:
        options += ["--server", url]
    if client is not Client.PREFECT:
        options.append("--direct")
    return run_command(folder, load.problems, load.trials, *options)


def seen(stubs: Sequence[Server]) -> Seen:
    """Checks that no stub was asked the same twice."""
    requests, area = 0, 0.0
    firsts, lasts, replies = [], [], []
    for stats in (stub.stats() for stub in stubs):
        first, last, reply = stats.first_request_seconds, stats.last_request_seconds, stats.last_reply_seconds
        assert stats.requests == stats.distinct, stats
        assert first is not None and last is not None and reply is not None, stats  # noqa: PT018
        requests += stats.requests
        area += stats.mean_in_flight * (reply - first)
        firsts.append(first)
        lasts.append(last)
        replies.append(reply)
    start, end = min(firsts), max(replies)
    return Seen(requests, area / (end - start), start, max(lasts), end)


def line(usage: Usage, saw: Seen) -> Line:
    first, last, thousands = saw.first_request, saw.last_reply, saw.requests / 1000
    return Line(
        mean_in_flight=saw.mean_in_flight,
        to_last_request=saw.last_request - first,
        to_last_reply=last - first,
        cpu=usage.cpu_between(Role.COMMAND, first, last) / thousands,
        verifier_cpu=usage.cpu_between(Role.VERIFIER, first, last) / thousands,
        prefect_cpu=usage.cpu_between(Role.PREFECT, first, last) / thousands,
        stub_cores=usage.cpu_between(Role.SERVER, first, last) / (last - first),
        peak_mb=usage.peak_bytes[Role.COMMAND] / 1e6,
        verifier_peak_mb=usage.peak_bytes[Role.VERIFIER] / 1e6,
    )


def show_head() -> None:
    print(f"{'':<28}{'in flight':>20}{'to last request':>18}{'to last reply':>18}", end="")
    print(f"{'CPU s per 1,000':>30}{'peak MB':>14}{'stubs':>7}")
    print(f"{'':<28}{'mean':>12}{'ratio':>8}{'s':>10}{'ratio':>8}{'s':>10}{'ratio':>8}", end="")
    print(f"{'own':>7}{'ratio':>7}{'verif.':>8}{'Prefect':>8}{'own':>7}{'verif.':>7}{'cores':>7}")


def show(client: Client, row: Line, base: Line) -> None:
    print(
        f"{client:<28}{row.mean_in_flight:>12.1f}{row.mean_in_flight / base.mean_in_flight:>8.3f}"
        f"{row.to_last_request:>10.2f}{row.to_last_request / base.to_last_request:>8.3f}"
        f"{row.to_last_reply:>10.2f}{row.to_last_reply / base.to_last_reply:>8.3f}"
        f"{row.cpu:>7.2f}{row.cpu / max(0.01, base.cpu):>7.1f}{row.verifier_cpu:>8.2f}{row.prefect_cpu:>8.2f}"
        f"{row.peak_mb:>7.0f}{row.verifier_peak_mb:>7.0f}{row.stub_cores:>7.2f}",
        flush=True,
    )


def show_medians(rounds: list[dict[Client, Line]]) -> None:
    """The median over the rounds of each client's ratios to the bare loop of the same round."""
    for client in rounds[0]:
        pairs = [(lines[client], lines[Client.BARE]) for lines in rounds]
        flight = median(row.mean_in_flight / base.mean_in_flight for row, base in pairs)
        request = median(row.to_last_request / base.to_last_request for row, base in pairs)
        reply = median(row.to_last_reply / base.to_last_reply for row, base in pairs)
        print(
            f"{client:<28} median of ratios: in flight {flight:.3f}, to last request {request:.3f}, ", end=""
        )
        print(f"to last reply {reply:.3f}")


def compare(load: Load, rounds: int, named: str | None) -> None:
    """All clients in turn, so many times."""
    print(f"{load.requests:,} requests, {load.in_flight:,} in flight over {load.stubs} stubs, ", end="")
    print(f"latency lognormal, median {load.median_seconds:g} s, sigma {SIGMA}")
    show_head()
    measured_rounds = []
    with postgres_server(named) as server:
        for _ in range(rounds):
            lines: dict[Client, Line] = {}
            for client in Client:
                if client is not Client.POSTGRESQL or server is not None:
                    lines[client] = measure(client, load, server)
                    show(client, lines[client], lines[Client.BARE])
            measured_rounds.append(lines)
    if rounds > 1:
        show_medians(measured_rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--problems", type=int, default=1024)
    parser.add_argument("--trials", type=int, default=8, help="requests per problem")
    parser.add_argument("--in-flight", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=1, help="all clients in turn, so many times")
    parser.add_argument("--postgres", metavar="URL", help=f"server to make a database on; `{START}`: our own")
    parser.add_argument("--memory", action="store_true", help="peak memory against attempts instead")
    parser.add_argument("--attempts", type=int, nargs=2, default=(10_000, 1_000_000), help="with --memory")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    if options.memory:
        show_memory(*options.attempts)
    else:
        compare(Load(options.problems, options.trials, options.in_flight), options.rounds, options.postgres)


if __name__ == "__main__":
    main()
