"""The phase after sampling: metrics of the responses, and best-of-k ranks among a problem's accepted ones.

"Best of k" is a policy that draws k responses (`vanilla` with `trials` k) and this choice after it. What is
not chosen stays stored, with its metric and its rank, and can be a rejected one in preference data.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from gristmill.db.metrics import Measured, put_metrics
from gristmill.db.sessions import Engine, reading, writing
from gristmill.db.verdicts import Verified, attempts_to_verify
from gristmill.runs.settings.selection import SelectionSettings
from gristmill.sampling.records import Outcome
from gristmill.verifiers.metrics import metric

_GROUP = 2_000


def measure(engine: Engine, run_id: str, settings: SelectionSettings) -> int:
    """Computes and ranks anew for the whole run, in constant memory; returns how many responses there are."""
    if not settings.wanted:
        return 0
    responses = 0
    with reading(engine) as session:
        waiting: list[Measured] = []
        for _, group in groupby(attempts_to_verify(session, run_id), key=lambda row: row.problem.id):
            of_problem = list(group)
            responses += len(of_problem)
            waiting += measured(of_problem, settings)
            if len(waiting) >= _GROUP:
                _write(engine, run_id, waiting)
                waiting = []
        _write(engine, run_id, waiting)
    return responses


def measured(responses: Sequence[Verified], settings: SelectionSettings) -> Iterator[Measured]:
    """The metrics of the responses to one problem. The accepted ones are ranked; of equals the earlier drawn
    one comes first.
    """
    values = {
        (row.number, name): metric(name, row.response.text) for row in responses for name in settings.wanted
    }
    by = settings.select_by
    accepted = [row.number for row in responses if row.verdict.outcome is Outcome.ACCEPTED]
    sign = -1.0 if settings.select == "highest" else 1.0
    order = sorted(accepted, key=lambda number: (sign * values[number, by], number)) if by else []
    ranks = {number: rank for rank, number in enumerate(order, start=1)}
    for (number, name), value in values.items():
        rank = ranks.get(number) if name == by else None
        yield Measured(responses[0].problem.id, number, name, value, rank)


def _write(engine: Engine, run_id: str, rows: Sequence[Measured]) -> None:
    with writing(engine) as session:
        put_metrics(session, run_id, rows)
