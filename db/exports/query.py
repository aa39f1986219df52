"""Query of an export: problems in order of id with their attempts, as of a moment, in constant memory.

The runs are gone through in windows of problems. In a window each run is one query that both databases
answer from the attempts' own key, in order, and the runs' rows are merged by problem. Attempts and verdicts
that came after the moment are as if they were not there.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_current_at, is_of_attempt, was_judged_again
from gristmill.db.exports.extras import read_extras
from gristmill.db.exports.records import ExportAttempt, ExportProblem, ExportQuery
from gristmill.db.problems import parents_of
from gristmill.db.rows import PROBLEM_COLUMNS, problem_of
from gristmill.db.sessions import stream
from gristmill.db.tables.core import AttemptRow, ProblemRow, RunProblemRow, VerdictRow
from gristmill.db.tables.exports import QuotaRow
from gristmill.sampling.records import Problem, Tally

WINDOW_PROBLEMS = 500
WINDOW_WITH_DETAILS = 50
_STREAM_ROWS = 500
_BY_PROBLEM = itemgetter(0)

Found = tuple[str, list[ExportAttempt]]


@dataclass(frozen=True, slots=True)
class _Window:
    """Problem ids above `after`, up to and with `last`."""

    after: str
    last: str

    def holds(self, column: Any) -> ColumnElement[bool]:
        return and_(column > self.after, column <= self.last)


def export_problems(session: Session, query: ExportQuery) -> Iterator[ExportProblem]:
    """Every problem of the runs that satisfies the conditions on problems, with or without attempts. For a
    session of `reading`, while it is open.
    """
    judged_again = {run_id: was_judged_again(session, run_id) for run_id in query.run_ids}
    for window in _windows(session, query):
        problems = _problems(session, query, window)
        if not problems:
            continue
        quotas = _quotas(session, query, window)
        extras = read_extras(session, query, list(problems))
        for problem_id, attempts in _in_step(problems, _attempts(session, query, window, judged_again)):
            yield ExportProblem(
                problems[problem_id],
                quotas.get(problem_id, {}),
                attempts,
                extras.tallies.get(problem_id, Tally()),
                extras.metrics.get(problem_id, {}),
                extras.details.get(problem_id, {}),
                extras.steps.get(problem_id, {}),
            )


def query_text(query: ExportQuery) -> str:
    """The SQL that a run's attempts are read by, window for window, with names in place of values."""
    statement = _of_run(query, query.run_ids[0] if query.run_ids else "", _Window("", ""), judged_again=True)
    return re.sub(r"__\[POSTCOMPILE_(\w+)\]", r":\1", " ".join(str(statement.compile()).split()))


def _windows(session: Session, query: ExportQuery) -> Iterator[_Window]:
    """Together they take in every problem of the runs, once."""
    size = WINDOW_WITH_DETAILS if query.details else WINDOW_PROBLEMS
    after = ""
    while True:
        ids: list[str] = []
        last = None
        for run_id in query.run_ids:
            of_run = session.scalars(
                select(RunProblemRow.problem_id)
                .where(RunProblemRow.run_id == run_id, RunProblemRow.problem_id > after)
                .order_by(RunProblemRow.problem_id)
                .limit(size)
            ).all()
            ids += of_run
            if len(of_run) == size:
                last = of_run[-1] if last is None else min(last, of_run[-1])
        if not ids:
            return
        window = _Window(after, max(ids) if last is None else last)
        yield window
        after = window.last


def _problems(session: Session, query: ExportQuery, window: _Window) -> dict[str, Problem]:
    """In order of id."""
    chosen = select(RunProblemRow.problem_id).where(
        RunProblemRow.run_id.in_(query.run_ids), window.holds(RunProblemRow.problem_id)
    )
    statement = select(*PROBLEM_COLUMNS).where(ProblemRow.id.in_(chosen)).order_by(ProblemRow.id)
    if query.sources:
        statement = statement.where(ProblemRow.source.in_(query.sources))
    if query.levels:
        statement = statement.where(ProblemRow.level.in_(query.levels))
    parents = parents_of(session, chosen)
    return {row.id: problem_of(row, parents) for row in session.execute(statement)}


def _quotas(session: Session, query: ExportQuery, window: _Window) -> Mapping[str, Mapping[str, int | None]]:
    """By problem, then by run: those of the moment, None where a problem had none by then."""
    found: defaultdict[str, dict[str, int | None]] = defaultdict(dict)
    places = session.execute(
        select(RunProblemRow.problem_id, RunProblemRow.run_id).where(
            RunProblemRow.run_id.in_(query.run_ids), window.holds(RunProblemRow.problem_id)
        )
    )
    for problem_id, run_id in places:
        found[problem_id][run_id] = None
    rows = session.execute(
        select(QuotaRow.problem_id, QuotaRow.run_id, QuotaRow.quota)
        .where(QuotaRow.run_id.in_(query.run_ids), window.holds(QuotaRow.problem_id))
        .where(QuotaRow.created_at <= query.as_of)
        .order_by(QuotaRow.created_at)
    )
    for problem_id, run_id, quota in rows:
        found[problem_id][run_id] = quota
    return found


def _attempts(
    session: Session, query: ExportQuery, window: _Window, judged_again: Mapping[str, bool]
) -> Iterator[Found]:
    """Problem by problem, those that have any; the attempts on each by run and number."""
    if not query.outcomes:
        return
    of_runs = [
        stream(session, _of_run(query, run_id, window, judged_again[run_id]), _STREAM_ROWS)
        for run_id in query.run_ids
    ]
    rows = of_runs[0] if len(of_runs) == 1 else heapq.merge(*of_runs, key=_BY_PROBLEM)
    for problem_id, group in groupby(rows, key=_BY_PROBLEM):
        yield problem_id, [ExportAttempt._make(row[1:]) for row in group]


def _of_run(query: ExportQuery, run_id: str, window: _Window, judged_again: bool) -> Select[tuple[Any, ...]]:
    """By way of the verdicts, whose key begins with that of the attempts: SQLite, asked for a range of
    attempts, looks for each one's verdict in the whole range.
    """
    statement = (
        select(
            VerdictRow.problem_id,
            AttemptRow.run_id,
            AttemptRow.number,
            VerdictRow.ordinal,
            AttemptRow.model,
            VerdictRow.outcome,
            VerdictRow.reason,
            VerdictRow.verifier,
            AttemptRow.completion_tokens,
            AttemptRow.cumulative_logprob,
            AttemptRow.text,
        )
        .select_from(VerdictRow)
        .join(AttemptRow, is_of_attempt())
        .where(VerdictRow.run_id == run_id, window.holds(VerdictRow.problem_id))
        .where(VerdictRow.outcome.in_(query.outcomes), is_current_at(query.as_of, judged_again=judged_again))
        .order_by(VerdictRow.problem_id, VerdictRow.number)
    )
    return statement.where(*_conditions(query))


def _conditions(query: ExportQuery) -> Iterator[ColumnElement[bool]]:
    if query.models:
        yield AttemptRow.model.in_(query.models)
    if query.without_models:
        yield AttemptRow.model.not_in(query.without_models)
    if query.reasons:
        yield VerdictRow.reason.in_(query.reasons)
    if query.without_reasons:
        yield VerdictRow.reason.not_in(query.without_reasons)
    if query.min_tokens is not None:
        yield AttemptRow.completion_tokens >= query.min_tokens
    if query.max_tokens is not None:
        yield AttemptRow.completion_tokens <= query.max_tokens


def _in_step(problems: Mapping[str, Problem], attempts: Iterator[Found]) -> Iterator[Found]:
    """Every problem with its attempts; those of problems that are not wanted are passed over."""
    following = next(attempts, None)
    for problem_id in problems:
        while following is not None and following[0] < problem_id:
            following = next(attempts, None)
        if following is not None and following[0] == problem_id:
            yield following
            following = next(attempts, None)
        else:
            yield problem_id, []
