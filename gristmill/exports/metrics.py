"""Computes the metrics that an export needs for the responses that have none stored."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from gristmill.db.metrics import Measured, add_metrics, lacks_metric
from gristmill.db.sessions import Engine, reading, writing
from gristmill.db.verdicts import Verified, attempts_to_verify
from gristmill.verifiers.metrics import metric

_GROUP = 1_000


def compute_missing_metrics(
    engine: Engine, run_ids: Sequence[str], names: Sequence[str], as_of: datetime
) -> None:
    """For every response there was by then. What is stored stays: it would come out the same."""
    for run_id in run_ids:
        with reading(engine) as session:
            missing = [name for name in names if lacks_metric(session, run_id, name, as_of)]
            responses = attempts_to_verify(session, run_id)
            while missing and (group := list(islice(responses, _GROUP))):
                with writing(engine) as writer:
                    add_metrics(writer, run_id, list(_measured(group, missing)))


def _measured(group: Sequence[Verified], names: Sequence[str]) -> Iterator[Measured]:
    for row in group:
        for name in names:
            yield Measured(row.problem.id, row.number, name, metric(name, row.response.text), None)
