"""Report on the instructions that a run made: candidates by reason, diversity, and pass rates of responses.

An instruction that all draws pass teaches no more, and one that none passes teaches nothing yet: both are
counted, of those with at least two decided responses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console, Group

from gristmill.db.candidates import barren_reasons, candidate_reasons, made_problems
from gristmill.db.reports.summary import ReasonRow, by_reason
from gristmill.db.runs import RunRecord, find_run
from gristmill.db.sessions import Engine, reading
from gristmill.db.tallies import problem_tallies
from gristmill.reports.console import plain, table
from gristmill.runs.run_ids import instruction_run_id
from gristmill.sampling.records import Outcome, Problem, RunState

if TYPE_CHECKING:  # what a run without instructions need not wait for
    from gristmill.verifiers.diversity.report import Diversity

_FEWEST_DECIDED = 2


@dataclass(frozen=True, slots=True)
class Teaching:
    """Of the instructions with two or more decided responses: how many pass all, none, some."""

    all_pass: int
    none_pass: int
    some_pass: int


@dataclass(frozen=True, slots=True)
class InstructionReport:
    """`attempts` are responses to briefs, `barren` those of them in which nothing is proposed, `candidates`
    what was proposed in the others, each by verdict.
    """

    run: RunRecord
    target: int
    most_draws: int
    attempts: list[ReasonRow]
    barren: list[ReasonRow]
    candidates: list[ReasonRow]
    diversity: "Diversity | None"
    teaching: Teaching

    @property
    def shortfall(self) -> str:
        """Why fewer were made than are wanted, and what to change; "" where that is not so, or not yet."""
        if self.made >= self.target or self.run.state is not RunState.FINISHED:
            return ""
        if sum(row.attempts for row in self.attempts) >= self.most_draws:
            return "the draws for instructions are spent: a new run may have more by --instruction-draws"
        return (
            "every seed or fragment has given its instruction or had its draws: a new run needs more of "
            "them, or more draws for each by --subject-draws"
        )

    @property
    def made(self) -> int:
        return sum(row.attempts for row in self.candidates if row.outcome is Outcome.ACCEPTED)


def read_instructions(engine: Engine, run_id: str, *, whole: bool) -> InstructionReport | None:
    """None where the run makes no instructions of its own. The whole report looks at all their texts."""
    with reading(engine) as session:
        run = find_run(session, instruction_run_id(run_id))
        if run is None:
            return None
        candidates = candidate_reasons(session, run.id)
        made = made_problems(session, run.id) if whole else []
        attempts = by_reason(session, run.id)
        barren = barren_reasons(session, run.id)
        tallies = [row.tally for row in problem_tallies(session, run_id)]
    from gristmill.runs.settings.snapshot import snapshot_from

    config = snapshot_from(run.config).config
    decided = [tally for tally in tallies if tally.decided >= _FEWEST_DECIDED]
    all_pass = sum(tally.accepted == tally.decided for tally in decided)
    none_pass = sum(tally.accepted == 0 for tally in decided)
    return InstructionReport(
        run,
        config.instructions.target,
        config.instructions.most_draws,
        attempts,
        barren,
        candidates,
        _diversity(made, run.seed, candidates) if whole else None,
        Teaching(all_pass, none_pass, len(decided) - all_pass - none_pass),
    )


def print_instructions(out: Console, report: InstructionReport) -> None:
    """The funnel; the whole report has what the instructions teach and how diverse they are besides."""
    draws = sum(row.attempts for row in report.attempts)
    candidates = sum(row.attempts for row in report.candidates)
    out.print(
        plain(
            f"Instructions: {report.made:,} of {report.target:,} made; {candidates:,} candidates in "
            f"{draws:,} responses to briefs"
        )
    )
    if report.shortfall:
        out.print(plain(f"Fewer than wanted: {report.shortfall}"))
    out.print()
    rows = [(f"{row['verdict']}: {row['reason']}", row["count"]) for row in _candidate_rows(report)]
    out.print(table("Candidates by reason", ("verdict", "candidates"), rows))
    if report.diversity is not None:
        from gristmill.reports.diversity import diversity_table

        out.print()
        out.print(diversity_table(report.diversity))
        out.print()
        out.print(_teaching_table(report.teaching))
    out.print()


def instruction_rows(report: InstructionReport) -> dict[str, list[dict[str, str]]]:
    """The rows of the table artifacts, by the beginning of the artifact's key."""
    from gristmill.reports.diversity import diversity_rows

    return {
        "candidates": [dict(row) for row in _candidate_rows(report)],
        "diversity": diversity_rows(report.diversity) if report.diversity else [],
    }


def _candidate_rows(report: InstructionReport) -> list[Mapping[str, str]]:
    """Candidates, and the responses that hold none, which are rejected as a whole."""
    rows = [("candidate", row) for row in report.candidates]
    rows += [("response", row) for row in report.barren]
    return [
        {
            "of": of,
            "verdict": row.outcome.value,
            "reason": row.reason + ("" if of == "candidate" else " (whole response)"),
            "count": f"{row.attempts:,}",
        }
        for of, row in rows
    ]


def _teaching_table(teaching: Teaching) -> Group:
    rows = [
        ("all pass: nothing left to teach", f"{teaching.all_pass:,}"),
        ("none passes: nothing to teach yet", f"{teaching.none_pass:,}"),
        ("some pass", f"{teaching.some_pass:,}"),
    ]
    title = f"Instructions by responses that pass, of those with {_FEWEST_DECIDED} decided or more"
    return table(title, ("responses", "instructions"), rows)


def _diversity(made: list[Problem], seed: int, candidates: list[ReasonRow]) -> "Diversity":
    from gristmill.verifiers.diversity.report import Text, diversity
    from gristmill.verifiers.filters.embeddings import encode, is_installed

    def embed(texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = encode(texts).tolist()
        return rows

    texts = (Text(problem.prompt, problem.origin.get("file", ""), problem.level) for problem in made)
    counts = {row.reason: row.attempts for row in candidates}
    return diversity(texts, seed=seed, embed=embed if is_installed() else None, candidates=counts)
