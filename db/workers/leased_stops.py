"""Filter of problem stops: a worker may record those of the problems that it has leased.

One that others took for dead, and that wakes up later, has no say in what has become of its problems since.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from gristmill.db.problems import chunks
from gristmill.db.tables.workers import LeaseRow
from gristmill.sampling.records import Stop


def leased_stops(session: Session, run_id: str, worker_id: str, stops: Sequence[Stop]) -> list[Stop]:
    """In the order given. The leases cannot be taken away before the transaction ends."""
    mine: set[str] = set()
    for chunk in chunks([stop.problem_id for stop in stops]):
        query = select(LeaseRow.problem_id).where(
            LeaseRow.run_id == run_id, LeaseRow.problem_id.in_(chunk), LeaseRow.worker_id == worker_id
        )
        mine.update(session.scalars(query.order_by(LeaseRow.problem_id).with_for_update(read=True)))
    return [stop for stop in stops if stop.problem_id in mine]
