"""Top-up: an incremental run, which draws for new problems of its sources and for those below their quota.

The run goes by a name that recipe and sources decide, so that each top-up goes on where the last one ended:
problems that the store has got since are appended to it, what it misses is drawn, and where it misses nothing
no generator is opened. Problems that stopped at their ceiling stay stopped. A budget is that of each top-up,
and not of the run's whole life as it is elsewhere. In the run's configuration sources and runs of the store
stand where other runs have the name of a data set.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gristmill.db.exports.withdrawals import Kind, known_names, withdrawals
from gristmill.db.problems import add_problems, run_problems
from gristmill.db.reports.top_up import ProblemQuery, held_back, lacking, source_statuses, without_active
from gristmill.db.rows import ACTIVE
from gristmill.db.runs import RunRecord, find_run
from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.db.tallies import problem_tallies
from gristmill.problems.load import load_problems
from gristmill.problems.settings import DatasetSettings
from gristmill.runs.cancellation import unless_stopped
from gristmill.runs.execute import measure_responses
from gristmill.runs.prepare import Prepared, check_and_settle, known_fail_rates, prepare, write_new_run
from gristmill.runs.sample import sample
from gristmill.runs.session import RunSession
from gristmill.runs.settings.policy import BUDGET_FIELDS
from gristmill.runs.settings.recipe import check_recipe_of_new_run
from gristmill.runs.settings.run import RunConfig, differences
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import stored_run
from gristmill.runs.workers.membership import Membership
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.policy import PolicyName
from gristmill.sampling.records import Problem, RunState
from gristmill.text.near_names import near_names

_SHOWN = 10
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class TopUp:
    """What is to be topped up. `query` None: the problems of the configuration's data set, read again."""

    run_id: str
    config: RunConfig
    query: ProblemQuery | None


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """`added` problems were new to the run, which now has `prepared.problems`."""

    prepared: Prepared
    added: int
    report: PipelineReport


def top_up_of(config: RunConfig, query: ProblemQuery | None, run_id: str | None = None) -> TopUp:
    """`run_id` None: one for each recipe and query, or recipe and data set: `top-up-dart-uniform-3fa2c1`."""
    where = f"{config.dataset.dataset}\x1f{config.dataset.split}"
    if query is not None:
        query = ProblemQuery(tuple(sorted(set(query.sources))), tuple(sorted(set(query.runs))))
        where = described(query)
        config = config.model_copy(update={"dataset": DatasetSettings(dataset=where)})
    recipe = config.recipe
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", recipe.removesuffix(".toml").rsplit("/", 1)[-1]).strip("-._")
    digest = hashlib.sha256(f"{recipe}\x1f{where}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return TopUp(run_id or f"top-up-{name[:60] or 'run'}-{digest}", config, query)


def described(query: ProblemQuery) -> str:
    """What stands in the place of a data set's name."""
    named = (("source", query.sources), ("run", query.runs))
    parts = [f"{what} {', '.join(map(json.dumps, names))}" for what, names in named if names]
    return f"store: {'; '.join(parts)}"


async def top_up(
    session: RunSession,
    query: ProblemQuery | None,
    begins: Callable[[Prepared, int], None] = lambda prepared, added: None,
) -> ToppedUp | None:
    """Appends what is new, draws what is missing, and measures what the recipe wants measured. None: it was
    stopped before it changed anything. `begins` is called before anything is drawn, with the run and the
    number of problems that were new to it.

    Session and `query` are those of a `TopUp`. Raises ConfigError where another process is at work on the
    run, where it would have to change to be what is asked for, or was withdrawn, and where the store has no
    active problem of one of these query; what `prepare` and `sample` raise.
    """
    ready = await unless_stopped(session.stop, _ready(session, query))
    if ready is None:
        return None
    membership = Membership(session.store, session.run_id, alone=True)
    added, problems = await membership.join_in_thread(partial(_take_up, membership, ready))
    prepared = Prepared(session.run_id, ready.config, problems, ready.new)
    async with membership.heartbeats():
        begins(prepared, added)
        tonight = await asyncio.to_thread(_with_own_budget, session.store, session.run_id, ready.config)
        session = replace(session, config=tonight, membership=membership)
        report = await sample(session)
        if report.state is RunState.FINISHED:
            await measure_responses(session)
    return ToppedUp(prepared, added, report)


@dataclass(frozen=True, slots=True)
class _Ready:
    """All that can be wrong was looked at. `found` are problems that the run may lack."""

    config: RunConfig
    found: list[Problem]
    new: bool


async def _ready(session: RunSession, query: ProblemQuery | None) -> _Ready:
    run_id = session.run_id
    with reading(session.store) as transaction:
        stored = find_run(transaction, run_id)
        for gone in withdrawals(transaction):
            if gone.kind is Kind.RUN and gone.name == run_id:
                raise ConfigError(f"run {run_id} was withdrawn: {gone.reason}; start another one by --run-id")
    if stored is None:
        check_recipe_of_new_run(session.config.recipe)
    asked = TopUp(run_id, session.config, query)
    found = await asyncio.to_thread(problems_to_take_up, session.store, asked)
    if stored is not None:
        return _Ready(await _resumed_config(session, stored), found, new=False)
    return _Ready(await check_and_settle(session, found), found, new=True)


async def _resumed_config(session: RunSession, stored: RunRecord) -> RunConfig:
    """The stored one, at the pace and with the budget that are asked for."""
    asked = session.config
    snapshot = snapshot_from(stored.config).config
    budget = {name: getattr(snapshot.policy, name) for name in BUDGET_FIELDS}
    comparable = _with_policy(asked, budget)
    if changed := list(differences(snapshot, comparable)):
        raise ConfigError(
            f"the top-ups of run {stored.id} go by another configuration ({'; '.join(changed)}): leave "
            "that as it was, or start a run of its own by --run-id"
        )
    prepared = await prepare(replace(session, config=comparable))
    return _with_policy(prepared.config, {name: getattr(asked.policy, name) for name in BUDGET_FIELDS})


def _take_up(membership: Membership, ready: _Ready) -> tuple[int, int]:
    """Problems added, and problems that the run then has. It is made if it is new, and joined."""
    run_id = membership.worker.run_id
    with writing(membership.engine, into_file=True) as session:
        if ready.new:
            write_new_run(session, run_id, ready.config)
        membership.join(session)
        if ready.new and run_problems(session, run_id):
            raise ConfigError(f"run {run_id} was started by another process just now: top up again")
        added = add_problems(session, run_id, ready.found, known_fail_rates(session, ready.config))
        return added, len(run_problems(session, run_id))


def _with_own_budget(engine: Engine, run_id: str, config: RunConfig) -> RunConfig:
    """With a budget that counts from now: what was spent before is added to it."""
    policy = config.policy
    if policy.policy is not PolicyName.BUDGETED:
        return config
    with reading(engine) as session:
        tallies = [row.tally for row in problem_tallies(session, run_id)]
        seconds = stored_run(session, run_id).elapsed_seconds
    spent = {
        "budget_draws": sum(tally.attempts for tally in tallies),
        "budget_tokens": sum(tally.tokens for tally in tallies),
        "budget_seconds": seconds,
    }
    given = {name: getattr(policy, name) for name in spent}
    raised = {name: amount + spent[name] for name, amount in given.items() if amount is not None}
    return _with_policy(config, raised)


def _with_policy(config: RunConfig, changes: Mapping[str, object]) -> RunConfig:
    return config.model_copy(update={"policy": config.policy.model_copy(update=changes)})


def problems_to_take_up(engine: Engine, asked: TopUp) -> list[Problem]:
    """Those that the run may lack. Raises ConfigError where one of the query has no active problem at all,
    or the data set has none.
    """
    if asked.query is None:
        loaded = load_problems(asked.config.dataset, asked.config.verifier.verifier).problems
        with reading(engine) as session:
            out = held_back(session, [problem.id for problem in loaded])
        if len(out) == len(loaded):
            raise ConfigError("no problem of this data set is active in the store")
        return [problem for problem in loaded if problem.id not in out]
    with reading(engine) as session:
        _check_each_has_some(session, asked.query)
        return lacking(session, asked.run_id, asked.query)


def _check_each_has_some(session: Session, query: ProblemQuery) -> None:
    """Raises ConfigError that names every place without an active problem: beside one that has some, a
    misspelt one would pass, and nobody would hear that nothing is drawn of it. A place that is there passes
    beside others: its problems were taken out on purpose, which is not to end the others' nights.
    """
    empty = without_active(session, query)
    if not (empty.sources or empty.runs):
        return
    statuses, runs = source_statuses(session), known_names(session, Kind.RUN)
    are_there = statuses.keys() >= set(empty.sources) and set(runs) >= set(empty.runs)
    if are_there and empty != query:
        return
    active = [source for source, theirs in statuses.items() if ACTIVE in theirs]
    found = []
    for source in empty.sources:
        held = statuses.get(source)
        why = f" (it has problems, with status {' or '.join(held)})" if held else _near(source, active)
        found.append(f"source {json.dumps(source)}{why}")
    for run_id in empty.runs:
        why = " (it is there, without an active problem)" if run_id in runs else _near(run_id, runs)
        found.append(f"run {json.dumps(run_id)}{why}")
    known = [f"its sources are: {_listed(active)}"] if empty.sources else []
    known += [f"its runs are: {_listed(runs)}"] if empty.runs else []
    raise ConfigError(f"the store has no active problem of {', '.join(found)}; {'; '.join(known)}")


def _near(name: str, known: Sequence[str]) -> str:
    near = near_names(name, known, _MOST_NEAR)
    return f" (near: {', '.join(near)})" if near else ""


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "") or "none"
