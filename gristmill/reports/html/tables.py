"""Tables of the HTML report: rows of text, with a share where a bar is drawn beside the number.

Long tables are cut, and their last row says how much is left out; the rows are from outside as much as from
us, so the page escapes all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gristmill.db.reports.summary import ReasonRow
from gristmill.reports.html.facts import RunFacts
from gristmill.reports.instructions import InstructionReport
from gristmill.reports.summary import added_up, cost_cells, cost_columns
from gristmill.reports.summary_tables import LEVEL_COLUMNS, level_cells
from gristmill.reports.visible_text import short
from gristmill.sampling.records import Outcome
from gristmill.verifiers.reasons import Reason

_MOST_ROWS = 30
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` of the longest bar, in percent; `kind` names its colour, and `note` explains its name."""

    name: str
    value: str
    share: float
    kind: str = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the summary by its name, the same for every run."""

    name: str
    value: str


def summary_facts(facts: RunFacts) -> list[Fact]:
    """A dash where nothing was accepted, or no price is known."""
    summary = facts.summary
    total, run = summary.total, summary.run
    tokens = total.prompt_tokens + total.completion_tokens
    decided = total.accepted + total.rejected
    cost = summary.prices.cost(total) if summary.prices.known else None
    return [
        Fact("state", run.state.value),
        Fact("problems", f"{total.problems:,}"),
        Fact("quota met", f"{total.quota_met:,}"),
        Fact("attempts", f"{total.attempts:,}"),
        Fact("accepted", f"{total.accepted:,}"),
        Fact("pass rate", _over(100 * total.accepted, decided, ",.1f", " %")),
        Fact("accepted per 1,000 tokens", _over(1000 * total.accepted, tokens, ",.2f")),
        Fact("tokens per accepted", _over(tokens, total.accepted, ",.0f")),
        Fact("seconds per accepted", _over(run.elapsed_seconds, total.accepted, ",.2f")),
        Fact("cost", "-" if cost is None else f"{cost:,.4f}"),
        Fact("cost per accepted", "-" if cost is None else _over(cost, total.accepted, ",.6f")),
        Fact("drawing time", f"{run.elapsed_seconds:,.0f} s"),
    ]


def compared(runs: Sequence[RunFacts]) -> list[tuple[Fact, ...]]:
    """A row for each fact, with its value in each run; what is known of none is left out."""
    rows = zip(*map(summary_facts, runs), strict=True)
    return [row for row in rows if any(fact.value != "-" for fact in row)]


def funnel(facts: RunFacts) -> list[Bar]:
    """From requests to what left the store: an export has a bar of its own, as exports overlap."""
    total, failures = facts.summary.total, sum(facts.summary.failures.values())
    counts = [
        (
            "requests",
            total.attempts + failures,
            "plain",
            "failed ones were made again, unless they could not be read",
        ),
        ("responses", total.attempts, "plain", "one for each draw"),
        ("decided", total.accepted + total.rejected, "plain", "the others stay undecided"),
        ("accepted", total.accepted, "accepted", ""),
        ("within quota", facts.within_quota, "accepted", "without the surplus of draws in flight"),
    ]
    for use in facts.exports:
        held = use.attempts
        if held is not None:
            note = f"{use.rows:,} rows" + (f", of {use.runs} runs" if use.runs > 1 else "")
            note += ", withdrawn" if use.withdrawn else ""
            counts.append((f"export {use.id}: {use.format}", held, "export", note))
    return _bars(counts)


def reasons(rows: Sequence[ReasonRow]) -> list[Bar]:
    """With what each reason means, where this version knows it."""
    return _bars(
        (f"{row.outcome.value}: {row.reason}", row.attempts, row.outcome.value, _meaning(row.reason))
        for row in rows
    )


def failures(kinds: dict[str, int]) -> list[Bar]:
    return _bars((kind, count, "rejected", "") for kind, count in kinds.items())


def candidates(report: InstructionReport) -> list[Bar]:
    """The funnel of the instructions that a run made, and why the others were not taken."""
    attempts = sum(row.attempts for row in report.attempts)
    barren = sum(row.attempts for row in report.barren)
    proposed = sum(row.attempts for row in report.candidates)
    counts = [
        ("responses to briefs", attempts, "plain", ""),
        ("that propose something", attempts - barren, "plain", ""),
        ("candidates", proposed, "plain", "a response may propose several"),
        ("taken as instructions", report.made, "accepted", f"wanted: {report.target:,}"),
    ]
    taken_not = [row for row in report.candidates if row.outcome is not Outcome.ACCEPTED]
    counts += [(row.reason, row.attempts, row.outcome.value, _meaning(row.reason)) for row in taken_not]
    counts += [
        (f"{row.reason} (whole response)", row.attempts, row.outcome.value, _meaning(row.reason))
        for row in report.barren
    ]
    return _bars(counts)


def level_columns(facts: RunFacts) -> tuple[str, ...]:
    return (*LEVEL_COLUMNS, *cost_columns(facts.summary.prices))


def level_rows(facts: RunFacts) -> list[tuple[str, ...]]:
    """The levels with most problems in order of name, the others as one, and last the whole run."""
    summary = facts.summary
    largest = sorted(summary.levels, key=lambda row: -row.problems)
    rows = sorted(largest[:_MOST_ROWS], key=lambda row: row.level)
    if left := largest[_MOST_ROWS:]:
        rows.append(added_up(f"{len(left):,} other levels", left))
    if len(summary.levels) != 1:
        rows.append(summary.total)
    return [
        (short(row.level, _LONGEST_NAME) or "-", *level_cells(row)[1:], *cost_cells(row, summary.prices))
        for row in rows
    ]


def level_bars(facts: RunFacts, *, tokens: bool) -> list[Bar]:
    """Tokens, or seconds of requests, per accepted response, of the levels with the most problems; levels
    without one have none.
    """
    found = []
    largest = sorted(facts.summary.levels, key=lambda row: -row.problems)[:_MOST_ROWS]
    for row in sorted(largest, key=lambda row: row.level):
        spent = row.prompt_tokens + row.completion_tokens if tokens else row.seconds
        if row.accepted:
            found.append((row.level or "-", spent / row.accepted))
    longest = max((amount for _, amount in found), default=0.0) or 1.0
    form = ",.0f" if tokens else ",.2f"
    return [
        Bar(short(name, _LONGEST_NAME), format(amount, form), 100 * amount / longest)
        for name, amount in found
    ]


def _bars(counts: Iterable[tuple[str, int, str, str]]) -> list[Bar]:
    return list(_cut(list(counts)))


def _cut(counts: list[tuple[str, int, str, str]]) -> Iterator[Bar]:
    longest = max((count for _, count, _, _ in counts), default=0) or 1
    for name, count, kind, note in counts[:_MOST_ROWS]:
        yield Bar(short(name, _LONGEST_NAME), f"{count:,}", 100 * count / longest, kind, note)
    if left := counts[_MOST_ROWS:]:
        rest = sum(count for _, count, _, _ in left)
        yield Bar(f"{len(left):,} others", f"{rest:,}", 100 * min(1.0, rest / longest))


def _meaning(reason: str) -> str:
    return Reason(reason).meaning if reason in set(Reason) else ""


def _over(amount: float, of: float, form: str, unit: str = "") -> str:
    return format(amount / of, form) + unit if of else "-"
