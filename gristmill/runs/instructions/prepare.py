"""Preparation of a run that makes its own problems: what can be wrong is checked, and two runs are written.

One is the run itself, which has no problems yet; the other makes them (`make_instructions`). Both carry the
whole configuration. Seeds are stored as problems, so that whatever is made of them names a parent that is
there.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence

from gristmill.db.problems import insert_problems
from gristmill.db.sessions import Engine, writing
from gristmill.generators.makers import MAKERS, From, MakerName
from gristmill.problems.documents import read_documents
from gristmill.problems.presets import WITHOUT_REFERENCE
from gristmill.runs.instructions.make import learned_discriminator, maker_settings
from gristmill.runs.instructions.materials import (
    SEED,
    granularities,
    open_fragments,
    read_seeds,
    seed_problem,
)
from gristmill.runs.open_generators import Generators
from gristmill.runs.prepare import check_rubric_and_metrics, settled_with, write_new_run
from gristmill.runs.run_ids import instruction_run_id, is_instruction_run
from gristmill.runs.session import RunSession
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.candidates import Material
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.verifiers import check_sandbox
from gristmill.verifiers.filters.instructions import InstructionFilters
from gristmill.verifiers.settings import VerifierName, VerifierSettings

_OWN_VERIFIER: dict[MakerName, VerifierName] = {
    MakerName.GROUNDED_QA: "grounding",
    MakerName.CONSTRAINED: "constraints",
}


_WITH_ANSWER = frozenset({MakerName.GROUNDED_QA, MakerName.EXTRACT})


async def prepare_instructions(session: RunSession) -> RunConfig:
    """Returns the configuration with seed and model filled in. Raises ConfigError or DataError."""
    engine, run_id, config = session.store, session.run_id, session.config
    check_maker(config)
    if is_instruction_run(run_id):
        raise ConfigError(
            f"--run-id: {run_id} is how a run that makes the instructions of another is called; choose "
            "a name with another end"
        )
    seeds = await asyncio.to_thread(_checked_material, config)
    check_mix(config, {seed.level for seed in seeds})
    await asyncio.to_thread(learned_discriminator, engine, config, seeds)
    await asyncio.to_thread(check_sandbox, config.verifier)
    settled = settled_with(config, await _model(config, session.generators))
    await asyncio.to_thread(_write, engine, settled, run_id, seeds)
    return settled


def check_maker(config: RunConfig) -> None:
    """Raises ConfigError where the verifier needs what the maker's instructions do not bring."""
    maker, verifier = MakerName(config.instructions.maker or ""), config.verifier.verifier
    fitting = {*WITHOUT_REFERENCE, *((_OWN_VERIFIER[maker],) if maker in _OWN_VERIFIER else ())}
    if config.instructions.responses and verifier not in fitting:
        raise ConfigError(
            f"verifier: what {maker.value} makes has no reference that {verifier!r} could use; "
            f"give one of {', '.join(sorted(fitting))}"
        )
    if verifier == "rubric" and config.judge.rubric_mode == "compare" and maker not in _WITH_ANSWER:
        raise ConfigError(
            f"rubric_mode: what {maker.value} makes has no answer to compare with; leave it at score"
        )
    check_rubric_and_metrics(config)


def check_mix(config: RunConfig, levels: Collection[str]) -> None:
    """Raises ConfigError for a share of a level that no instruction will have; `levels` are the seeds'."""
    maker = MakerName(config.instructions.maker or "")
    known = set(levels) - {""} if MAKERS[maker].about_subjects else set()
    if MAKERS[maker].source is From.DOCUMENTS:
        known = {level.value for level in granularities(maker)}
    if unknown := sorted(config.instructions.shares().keys() - known):
        raise ConfigError(
            f"mix: no instruction will be of the level {unknown[0]!r}; what {maker.value} makes of this is "
            f"of: {', '.join(sorted(known)) or 'no level'} (--seed-level-field names the field of a seed's)"
        )


def _checked_material(config: RunConfig) -> list[Material]:
    """Reads seeds, gates' files and documents, which is when most of what is wrong shows."""
    settings = config.instructions
    InstructionFilters(settings, ())
    if settings.seeds is not None:
        return read_seeds(settings)
    deque(read_documents(settings.documents, settings.document_field), maxlen=0)  # each can be read
    if next(open_fragments(settings, 0), None) is None:
        raise DataError(
            f"{', '.join(settings.documents)}: no fragment in it that an instruction could be made of; "
            "documents need some paragraphs of prose"
        )
    return []


async def _model(config: RunConfig, generators: Generators) -> str | None:
    """The name of the model that answers, which is opened on the way where one will be asked."""
    if MAKERS[MakerName(config.instructions.maker or "")].by_rule:
        if not config.instructions.responses:
            return config.generator.model
        return (await generators.generator(config.generator, {}, config.verifier)).model
    return (await generators.generator(maker_settings(config), {}, VerifierSettings())).model


def _write(engine: Engine, config: RunConfig, run_id: str, seeds: Sequence[Material]) -> None:
    """One transaction. Raises ConfigError when another process wrote a run of that id in the meantime."""
    path = config.instructions.seeds or ""
    with writing(engine, into_file=True) as session:
        for id_ in (run_id, instruction_run_id(run_id)):
            if not write_new_run(session, id_, config):
                raise ConfigError(f"run {id_} is there already; choose another --run-id")
        insert_problems(session, {seed.parent: seed_problem(seed, path) for seed in seeds}, SEED)
