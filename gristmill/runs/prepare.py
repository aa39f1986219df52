"""Preparation of a run: everything that can be wrong is checked, the problems are loaded, the run is written.

A run that is in the store already goes on as it is: with the problems and the configuration that it began
with, at the pace that is asked for now.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from gristmill.db.attempts import fail_rates
from gristmill.db.problems import add_problems, run_problems
from gristmill.db.runs import RunRecord, create_run, find_run
from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.generators.prompts import describe, render
from gristmill.problems.load import load_problems
from gristmill.problems.rows import BadRow
from gristmill.runs.run_ids import instruction_run_id, is_instruction_run
from gristmill.runs.session import RunSession
from gristmill.runs.settings.judge import check_judge
from gristmill.runs.settings.recipe import check_recipe_of_new_run
from gristmill.runs.settings.run import RunConfig, differences, with_execution_of
from gristmill.runs.settings.snapshot import code_version, snapshot_from, snapshot_of
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem
from gristmill.verifiers import check_sandbox
from gristmill.verifiers.math.reference_forms import unreadable_references
from gristmill.verifiers.metrics import check_metric
from gristmill.verifiers.metrics.bounds import read_bound


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is in the store, its number of problems, and what loading left out.

    A run that goes on is not `new`: its problems are those it began with, and nothing is loaded.
    """

    run_id: str
    config: RunConfig
    problems: int
    new: bool
    skipped: tuple[BadRow, ...] = ()
    duplicates: int = 0
    remark: str = ""


async def prepare(session: RunSession) -> Prepared:
    """Writes a new run, or goes on with the one of that id. Nothing is written when anything is wrong.

    Raises ConfigError when a stored run would have to change to be what is asked for, and for a new one of a
    recipe that is none; DataError for the data set, UnavailableError or ConfigError for the generator.
    """
    engine, run_id, config = session.store, session.run_id, session.config
    with reading(engine) as transaction:
        stored = find_run(transaction, run_id)
    if stored is not None:
        return _resume(engine, stored, config)
    check_recipe_of_new_run(config.recipe)
    if config.makes_instructions:
        from gristmill.runs.instructions.prepare import prepare_instructions

        return Prepared(run_id, await prepare_instructions(session), 0, True)
    loaded = await asyncio.to_thread(load_problems, config.dataset, config.verifier.verifier)
    settled = await check_and_settle(session, loaded.problems)
    await asyncio.to_thread(_write_run, engine, settled, run_id, loaded.problems)
    remark = ""
    if config.verifier.verifier == "math":
        remark = unreadable_references([problem.reference for problem in loaded.problems])
    return Prepared(run_id, settled, len(loaded.problems), True, loaded.skipped, loaded.duplicates, remark)


async def check_and_settle(session: RunSession, problems: Sequence[Problem]) -> RunConfig:
    """The configuration of a new run with what was left open decided, once nothing is wrong with it.

    Opens the generator. Raises as `prepare` does.
    """
    config = session.config
    await asyncio.to_thread(check_sandbox, config.verifier)
    check_rubric_and_metrics(config)
    render(config.generator.template, problems[0])
    by_id = {problem.id: problem for problem in problems}
    generator = await session.generators.generator(config.generator, by_id, config.verifier)
    return settled_with(config, generator.model)


def check_rubric_and_metrics(config: RunConfig) -> None:
    """Raises ConfigError for a rubric that is missing, and for a metric whose package is."""
    if config.verifier.verifier == "rubric":
        check_judge(config.judge)
    for name in (*(read_bound(bound).name for bound in config.verifier.bounds), *config.selection.wanted):
        check_metric(name)


def settled_with(config: RunConfig, model: str | None) -> RunConfig:
    """With the model that answers, and with a seed where none was asked for."""
    seed = secrets.randbits(31) if config.run.seed is None else config.run.seed
    return config.model_copy(
        update={
            "run": config.run.model_copy(update={"seed": seed}),
            "generator": config.generator.model_copy(update={"model": model}),
        }
    )


def write_new_run(session: Session, run_id: str, config: RunConfig) -> bool:
    """Whether the run of that id is now this one, and not one that another process wrote in the meantime."""
    snapshot = snapshot_of(config)
    create_run(
        session,
        run_id=run_id,
        recipe=config.recipe,
        config=snapshot,
        seed=config.run.seed or 0,
        code_version=code_version(),
    )
    return stored_run(session, run_id).config == snapshot


def known_fail_rates(session: Session, config: RunConfig) -> dict[str, float]:
    """Those of the run that the policy names, by problem. Raises ConfigError where there is no such run."""
    earlier = config.policy.fail_rates_from
    if earlier is None:
        return {}
    if find_run(session, earlier) is None:
        raise ConfigError(
            f"--fail-rates-from: there is no run {earlier!r} in this store; see `gristmill runs`"
        )
    return fail_rates(session, earlier)


def _write_run(engine: Engine, config: RunConfig, run_id: str, problems: Sequence[Problem]) -> None:
    with writing(engine, into_file=True) as session:
        rates = known_fail_rates(session, config)
        if not write_new_run(session, run_id, config):
            raise ConfigError(
                f"run {run_id} was started by another process just now; go on with it by --run-id"
            )
        add_problems(session, run_id, problems, rates)


def _resume(engine: Engine, stored: RunRecord, config: RunConfig) -> Prepared:
    if config.makes_instructions and is_instruction_run(stored.id):
        whole = stored.id.removesuffix(instruction_run_id(""))
        raise ConfigError(
            f"{stored.id} makes the instructions of run {whole}: go on with that one, by its id"
        )
    snapshot = snapshot_from(stored.config)
    before = snapshot.config
    changed = list(differences(before, config))
    if snapshot.template != describe(before.generator.template):
        changed.append(f"template {before.generator.template}: its text is not what it was")
    if changed:
        raise ConfigError(
            f"run {stored.id} is there already with another configuration ({'; '.join(changed)}): "
            "leave --run-id out to start a new run, or leave these flags out to go on with this one"
        )
    with reading(engine) as session:
        problems = len(run_problems(session, stored.id))
    return Prepared(stored.id, with_execution_of(before, config), problems, False)
