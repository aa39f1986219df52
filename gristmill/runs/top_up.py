"""A top-up: the active problems of some sources brought to their quota, again and again, in one run.

The run goes by a name that recipe and sources decide, so that each top-up goes on where the last one ended:
problems that the store has got since are appended to it, what it misses is drawn, and where it misses nothing
no generator is opened. Problems that stopped at their ceiling stay stopped. A budget is that of each top-up,
and not of the run's whole life as it is elsewhere.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from gristmill.db.attempts import fail_rates
from gristmill.db.exports.withdrawals import Kind, withdrawals
from gristmill.db.problems import add_problems, run_problems
from gristmill.db.reports.tallies import problem_tallies
from gristmill.db.runs import RunRecord, create_run, find_run
from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.generators.prompts import render
from gristmill.runs.cancellation import before
from gristmill.runs.generators import Generators
from gristmill.runs.instructions.prepare import check_texts
from gristmill.runs.prepare import Prepared, prepare
from gristmill.runs.sample import Watcher, sample
from gristmill.runs.selection import measure
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
    engine: Engine,
    asked: TopUp,
    stop: asyncio.Event,
    generators: Generators,
    watchers: Sequence[Watcher] = (),
    told: Callable[[Prepared, int], None] = lambda prepared, added: None,
) -> ToppedUp | None:
    """Appends what is new, draws what is missing, and measures what the recipe wants measured. None: it was
    stopped before it changed anything. `told` hears of the run, and how many problems were new to it, before
    it draws.

    Raises ConfigError where another process is at work on the run, where it would have to change to be what
    is asked for, or was withdrawn, and where the store has no active problem of one of these places; what
    `prepare` and `sample` raise.
    """
    ready = await before(stop, _ready(engine, asked, generators))
    if ready is None:
        return None
    membership = Membership(engine, asked.run_id, alone=True)
    added, problems = await membership.join_in_thread(partial(_take_up, membership, ready))
    prepared = Prepared(asked.run_id, ready.config, problems, ready.new)
    async with membership.heartbeats():
        told(prepared, added)
        tonight = await asyncio.to_thread(_with_own_budget, engine, asked.run_id, ready.config)
        report = await sample(engine, asked.run_id, tonight, stop, generators, watchers, membership)
        if report.state is RunState.FINISHED:
            await asyncio.to_thread(measure, engine, asked.run_id, ready.config.selection)
    return ToppedUp(prepared, added, report)


@dataclass(frozen=True, slots=True)
class _Ready:
    """All that can be wrong was looked at. `found` are problems that the run may lack."""

    config: RunConfig
    found: list[Problem]
    new: bool


async def _ready(engine: Engine, asked: TopUp, generators: Generators) -> _Ready:
    with reading(engine) as session:
        stored = find_run(session, asked.run_id)
        _check_not_withdrawn(session, asked.run_id)
    if stored is None:
        check_recipe_of_new_run(asked.config.recipe)
    found = await asyncio.to_thread(problems_to_take_up, engine, asked)
    if stored is not None:
        return _Ready(await _config_to_go_on(engine, asked, stored, generators), found, new=False)
    return _Ready(await _settled(asked.config, found, generators), found, new=True)


async def _config_to_go_on(
    engine: Engine, asked: TopUp, stored: RunRecord, generators: Generators
) -> RunConfig:
    """The stored one, at the pace and with the budget that are asked for."""
    snapshot = snapshot_from(stored.config).config
    budget = {name: getattr(snapshot.policy, name) for name in BUDGET_FIELDS}
    comparable = _with_policy(asked.config, budget)
    if changed := list(differences(snapshot, comparable)):
        raise ConfigError(
            f"the top-ups of run {stored.id} go by another configuration ({'; '.join(changed)}): leave "
            "that as it was, or start a run of its own by --run-id"
        )
    prepared = await prepare(engine, comparable, stored.id, generators)
    return _with_policy(prepared.config, {name: getattr(asked.config.policy, name) for name in BUDGET_FIELDS})


async def _settled(config: RunConfig, found: Sequence[Problem], generators: Generators) -> RunConfig:
    """A new run's, with what was left open decided: a seed, and the model that answers."""
    await asyncio.to_thread(check_sandbox, config.verifier)
    check_texts(config)
    render(config.generator.template, found[0])
    generator = await generators.generator(config.generator, {p.id: p for p in found}, config.verifier)
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


def _check_not_withdrawn(session: Session, run_id: str) -> None:
    for gone in withdrawals(session):
        if gone.kind is Kind.RUN and gone.name == run_id:
            raise ConfigError(f"run {run_id} was withdrawn: {gone.reason}; start another one by --run-id")
