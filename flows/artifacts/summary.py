"""The summary of a run as one Markdown artifact: the numbers that matter, and where the rest is found.

Every text that is not ours goes through `escaped`. Sections without anything to say are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gristmill.db.reports.records import ExportUse, UnsolvedRow
from gristmill.db.reports.report import exports_of, first_unsolved, unsolved_count
from gristmill.db.reports.verifier_times import VerifierTime, verifier_times
from gristmill.db.sessions import Engine, reading
from gristmill.flows.artifacts.markdown import escaped, table
from gristmill.flows.artifacts.session import ServerHealth
from gristmill.reports.run_summary import RunSummary
from gristmill.runs.settings.snapshot import snapshot_from

_MOST_UNSOLVED = 5
_MOST_EXPORTS = 5
_MOST_VERIFIERS = 5
_LONGEST_PROMPT = 80
_LONGEST_PATH = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """All that the summary tells. `unsolved` are the first of `unsolved_count`; `servers` those that were
    there when drawing ended, none where nothing was drawn.
    """

    summary: RunSummary
    model: str
    verifiers: Sequence[VerifierTime]
    unsolved: Sequence[UnsolvedRow]
    unsolved_count: int
    exports: Sequence[ExportUse]
    servers: Sequence[ServerHealth]
    report: str
    """Markdown of our own that says where the report is; "" where there is none."""


def read_whole(engine: Engine, summary: RunSummary, servers: Sequence[ServerHealth], report: str) -> Whole:
    """Raises StoreError, also where another version wrote the run's configuration."""
    run_id, config = summary.run.id, snapshot_from(summary.run.config).config
    with reading(engine) as session:
        return Whole(
            summary,
            config.generator.model or "",
            verifier_times(session, run_id),
            first_unsolved(session, run_id, _MOST_UNSOLVED, _LONGEST_PROMPT),
            unsolved_count(session, run_id),
            exports_of(session, run_id, _MOST_EXPORTS),
            servers,
            report,
        )


def markdown(whole: Whole) -> str:
    return "\n\n".join(part for part in _parts(whole) if part) + "\n"


def _parts(whole: Whole) -> Iterator[str]:
    run = whole.summary.run
    yield f"# {escaped(run.id)}: {run.state.value}"
    yield f"Recipe {escaped(run.recipe)}, model {escaped(whole.model)}"
    yield f"Report: {whole.report}" if whole.report else ""
    yield f"It says: {escaped(run.message)}" if run.message else ""
    yield table(("what", "how much"), _numbers(whole.summary))
    yield _unsolved(whole)
    yield _servers(whole.servers)
    yield _verifiers(whole.verifiers)
    yield _failures(whole.summary)
    yield _exports(whole)


def _numbers(summary: RunSummary) -> Iterator[tuple[str, str]]:
    total, seconds = summary.total, summary.run.elapsed_seconds
    decided, tokens = total.accepted + total.rejected, total.prompt_tokens + total.completion_tokens
    yield "problems", f"{total.problems:,}"
    yield "quota met", _share(total.quota_met, total.problems)
    yield "attempts", f"{total.attempts:,}"
    yield "accepted", f"**{total.accepted:,}**"
    yield "rejected", f"{total.rejected:,}"
    yield "undecided", f"{total.undecided:,}"
    yield "accepted of the decided ones", f"{total.accepted / decided:.1%}" if decided else "-"
    yield "tokens of prompts, of responses", f"{total.prompt_tokens:,}, {total.completion_tokens:,}"
    yield "accepted per 1,000 tokens", f"{1000 * total.accepted / tokens:.3g}" if tokens else "-"
    if summary.prices.known:
        cost = summary.prices.cost(total)
        yield "cost", f"{cost:,.4f}"
        yield "cost per accepted", f"{cost / total.accepted:,.6f}" if total.accepted else "-"
    yield "drawing time", f"{seconds:,.0f} s"
    yield "attempts per second", f"{total.attempts / seconds:,.1f}" if seconds else "-"


def _unsolved(whole: Whole) -> str:
    if not whole.unsolved_count:
        return ""
    rows = [
        (
            escaped(row.problem_id),
            escaped(row.level),
            row.stop_reason.value if row.stop_reason else "open",
            f"{row.attempts:,}",
        )
        for row in whole.unsolved
    ]
    heading = f"## Unsolved: {whole.unsolved_count:,} without an accepted response"
    first = f"The first {len(rows)}:\n\n" if len(rows) < whole.unsolved_count else ""
    return f"{heading}\n\n{first}{table(('problem', 'level', 'stop', 'attempts'), rows, 3)}"


def _servers(servers: Sequence[ServerHealth]) -> str:
    if not servers:
        return ""
    rows = [
        (escaped(server.name), server.state, str(server.in_flight), str(server.window)) for server in servers
    ]
    return "## Servers when drawing ended\n\n" + table(("server", "state", "in flight", "window"), rows, 2)


def _verifiers(times: Sequence[VerifierTime]) -> str:
    """The slowest first."""
    if not times:
        return ""
    rows = [
        (
            escaped(f"{row.verifier} {row.version}"),
            f"{row.verdicts:,}",
            f"{1000 * row.mean_seconds:,.1f}",
            f"{1000 * row.most_seconds:,.1f}",
        )
        for row in times[:_MOST_VERIFIERS]
    ]
    columns = ("verifier", "verdicts", "mean ms", "longest ms")
    return "## Verifiers, the slowest first\n\n" + table(columns, rows)


def _failures(summary: RunSummary) -> str:
    if not summary.failures:
        return ""
    rows = [(escaped(kind), f"{count:,}") for kind, count in summary.failures.items()]
    return "## Requests that brought no response\n\n" + table(("kind", "times"), rows)


def _exports(whole: Whole) -> str:
    if not whole.exports:
        return ""
    rows = [
        (
            escaped(use.path, _LONGEST_PATH),
            escaped(use.format),
            "withdrawn" if use.withdrawn else "current",
            f"{use.rows:,}",
        )
        for use in whole.exports
    ]
    return "## Exports, the newest first\n\n" + table(("path", "format", "state", "rows"), rows, 3)


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else "-"
