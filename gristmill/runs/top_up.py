"""A top-up: the active problems of some sources brought to their quota, again and again, in one run.

The run goes by a name that recipe and sources decide, so that each top-up goes on where the last one ended:
problems that the store has got since are appended to it, what it misses is drawn, and where it misses nothing
no generator is opened. Problems that stopped at their ceiling stay stopped. A budget is that of each top-up,
and not of the run's whole life as it is elsewhere.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gristmill.db.attempts import fail_rates
from gristmill.db.exports.withdrawals import Kind, withdrawals
from gristmill.db.problems import add_problems, run_problems
from gristmill.db.reports.tallies import problem_tallies
from gristmill.db.reports.top_up import Places
from gristmill.db.runs import RunRecord, create_run, find_run
from gristmill.db.sessions import Engine, reading, writing
from gristmill.generators.prompts import render
from gristmill.runs.cancellation import unless_stopped
from gristmill.runs.checks import check_texts
from gristmill.runs.execute import measure_responses
from gristmill.runs.prepare import Prepared, prepare
from gristmill.runs.sample import sample
from gristmill.runs.session import RunSession
from gristmill.runs.settings.policy import BUDGET_FIELDS
from gristmill.runs.settings.recipe import check_recipe_of_new_run
from gristmill.runs.settings.run import RunConfig, differences
from gristmill.runs.settings.snapshot import code_version, snapshot_from, snapshot_of
from gristmill.runs.store import stored_run
from gristmill.runs.top_up_problems import TopUp, problems_to_take_up
from gristmill.runs.workers.membership import Membership
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.policy import PolicyName
from gristmill.sampling.records import Problem, RunState
from gristmill.verifiers import check_sandbox


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """`added` problems were new to the run, which now has `prepared.problems`."""

    prepared: Prepared
    added: int
    report: PipelineReport


async def top_up(
    session: RunSession,
    places: Places | None,
    begins: Callable[[Prepared, int], None] = lambda prepared, added: None,
) -> ToppedUp | None:
    """Appends what is new, draws what is missing, and measures what the recipe wants measured. None: it was
    stopped before it changed anything. `begins` is called before anything is drawn, with the run and the
    number of problems that were new to it.

    Session and `places` are those of a `TopUp`. Raises ConfigError where another process is at work on the
    run, where it would have to change to be what is asked for, or was withdrawn, and where the store has no
    active problem of one of these places; what `prepare` and `sample` raise.
    """
    ready = await unless_stopped(session.stop, _ready(session, places))
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


async def _ready(session: RunSession, places: Places | None) -> _Ready:
    asked = TopUp(session.run_id, session.config, places)
    with reading(session.store) as transaction:
        stored = find_run(transaction, asked.run_id)
        for gone in withdrawals(transaction):
            if gone.kind is Kind.RUN and gone.name == asked.run_id:
                raise ConfigError(
                    f"run {gone.name} was withdrawn: {gone.reason}; start another one by --run-id"
                )
    if stored is None:
        check_recipe_of_new_run(asked.config.recipe)
    found = await asyncio.to_thread(problems_to_take_up, session.store, asked)
    if stored is not None:
        return _Ready(await _resumed_config(session, stored), found, new=False)
    return _Ready(await _resolved(session, found), found, new=True)


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


async def _resolved(session: RunSession, found: Sequence[Problem]) -> RunConfig:
    """A new run's configuration, its seed and model filled in."""
    config = session.config
    await asyncio.to_thread(check_sandbox, config.verifier)
    check_texts(config)
    render(config.generator.template, found[0])
    generator = await session.generators.generator(
        config.generator, {p.id: p for p in found}, config.verifier
    )
    seed = secrets.randbits(31) if config.run.seed is None else config.run.seed
    changes = {
        "run": config.run.model_copy(update={"seed": seed}),
        "generator": config.generator.model_copy(update={"model": generator.model}),
    }
    return config.model_copy(update=changes)


def _take_up(membership: Membership, ready: _Ready) -> tuple[int, int]:
    """Problems added, and problems that the run then has. It is made if it is new, and joined."""
    run_id, config, earlier = membership.worker.run_id, ready.config, ready.config.policy.fail_rates_from
    with writing(membership.engine) as session:
        if ready.new:
            create_run(
                session,
                run_id=run_id,
                recipe=config.recipe,
                config=snapshot_of(config),
                seed=config.run.seed or 0,
                code_version=code_version(),
            )
        membership.join(session)
        if ready.new and run_problems(session, run_id):
            raise ConfigError(f"run {run_id} was started by another process just now: top up again")
        rates = {} if earlier is None else fail_rates(session, stored_run(session, earlier).id)
        added = add_problems(session, run_id, ready.found, rates)
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
