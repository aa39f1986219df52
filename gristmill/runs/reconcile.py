"""Reconciliation of a shared run: stops and quotas set by all of its attempts, while nobody draws.

While workers share a run each tells the stops of what it holds. Nobody sees the whole: quotas that follow
difficulty move with every problem, and a session before may have left stops that a new one lifts. So the
first worker to come and the last ones to end reconcile: stops and quotas in the store are brought to what
the tallies say, and a run that misses nothing is marked so.
"""

from gristmill.db.attempts import progress, record
from gristmill.db.runs import lock_run, mark_run
from gristmill.db.sessions import Engine, writing
from gristmill.db.tallies import ProblemTally, problem_tallies
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import stored_run
from gristmill.sampling.records import RunState, Stop, StopReason
from gristmill.sampling.shared_scheduler import SharedScheduler


def reconcile(engine: Engine, run_id: str, config: RunConfig, *, session_begins: bool) -> bool:
    """Whether the run misses nothing. A session that begins tries again what had failed before.

    Call it when no problem of the run is leased.
    """
    with writing(engine) as session:
        lock_run(session, run_id)
        stored = {row.problem_id: row for row in problem_tallies(session, run_id)}
        known, seed = progress(session, run_id), config.run.seed or 0
        stops = SharedScheduler(stored, config.policy.as_policy(), seed, known).standing()
        if not session_begins:
            stops = [stop for stop in stops if stored[stop.problem_id].stop_reason is not StopReason.FAILED]
        changed = [stop for stop in stops if _differs(stop, stored[stop.problem_id])]
        if changed:
            record(session, run_id, [], [], changed)
        if any(stop.reason is None for stop in stops):
            return False
        run = stored_run(session, run_id)
        if run.state is not RunState.FINISHED:
            mark_run(session, run_id, RunState.FINISHED, elapsed_seconds=run.elapsed_seconds)
        return True


def _differs(stop: Stop, stored: ProblemTally) -> bool:
    """A problem without attempts is as it was, whatever quota it is to get."""
    if stop.reason is None and stored.stop_reason is None and stored.tally.attempts == 0:
        return False
    return (stop.reason, stop.quota) != (stored.stop_reason, stored.quota)
