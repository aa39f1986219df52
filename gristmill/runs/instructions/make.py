"""The phase that makes instructions: briefs to the model, candidates through the filters, up to the target.

It is a run of its own beside the run that it is for, named after it, with the same configuration: its
problems are briefs, its attempts the responses to them. So it is stored, resumed and shown as any other,
and a run that was killed between its two samplings finds the first one finished, and asks for nothing
again.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain

from gristmill.db.candidates import brief_progress, made_texts, stored_instructions
from gristmill.db.ledger import StoreLedger
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, reading
from gristmill.generators.makers import MAKERS, MakerName
from gristmill.generators.prompts import render
from gristmill.generators.scoring.score import open_scorer
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.instructions.briefs import WrittenBriefs, open_sampler
from gristmill.runs.instructions.constrain import ConstraintRule
from gristmill.runs.instructions.judge import InstructionJudge, Scoring
from gristmill.runs.instructions.materials import gate_seeds, read_seeds
from gristmill.runs.instructions.proposals import Reading
from gristmill.runs.open_generators import Generators
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.sample import pipeline_settings
from gristmill.runs.session import RunSession, empty_report, run_pipeline, write_mark
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.snapshot import check_inputs, snapshot_from
from gristmill.runs.store import stored_run
from gristmill.runs.workers.membership import join_run
from gristmill.sampling.briefs import BriefPlan, BriefSampler
from gristmill.sampling.candidates import BriefProgress, Material
from gristmill.sampling.errors import ConfigError, GristmillError, StoreError
from gristmill.sampling.pipeline import Pipeline, PipelineReport
from gristmill.sampling.ports import Generator
from gristmill.sampling.problem_state import Totals
from gristmill.sampling.records import RunState
from gristmill.text.visible import visible
from gristmill.verifiers.filters.discriminator import Discriminator
from gristmill.verifiers.filters.instructions import (
    SIGNATURE_VERSION,
    InstructionFilters,
    Known,
    filters_version,
)
from gristmill.verifiers.settings import VerifierSettings

_PLAIN = "plain"


def maker_settings(config: RunConfig) -> GeneratorSettings:
    """How the model is sampled for instructions: as for responses, but for what the recipe says."""
    settings = config.instructions
    changes: dict[str, object] = {"template": _PLAIN, "logprobs": False, "tool_rounds": 0}
    if settings.maker_temperature is not None:
        changes["temperature"] = settings.maker_temperature
    if settings.maker_max_tokens is not None:
        changes["max_tokens"] = settings.maker_max_tokens
    return config.generator.model_copy(update=changes)


async def make_instructions(session: RunSession) -> PipelineReport:
    """Draws until the target is met or the draws are spent, or until told to stop; marks both runs.

    Where nothing is missing no generator is opened and no request issued.
    """
    engine, run_id, config = session.store, session.run_id, session.config
    with reading(engine) as transaction:
        record = stored_run(transaction, instruction_run_id(run_id))
        whole = stored_run(transaction, run_id)
        known = brief_progress(transaction, record.id)
    made, attempts = sum(brief.made for brief in known), sum(brief.tally.attempts for brief in known)
    is_over = made >= config.instructions.target or attempts >= config.instructions.most_draws
    if record.state is RunState.FINISHED or is_over:
        if record.state is not RunState.FINISHED:
            write_mark(engine, record.id, RunState.FINISHED, record.elapsed_seconds)
        return empty_report(RunState.FINISHED)
    await asyncio.to_thread(check_inputs, config.instructions, snapshot_from(record.config).inputs)
    with _marking_the_whole(engine, whole):
        async with join_run(engine, record.id, alone=True) as membership:
            watchers = [session.generators.watch, membership.watch, *session.watchers]
            making = replace(session, run_id=record.id, watchers=watchers, membership=membership)
            report = await run_pipeline(making, record, _open_pipeline(making, record, known))
    if report.state is not RunState.FINISHED:
        write_mark(engine, run_id, report.state, whole.elapsed_seconds)
    return report


@contextmanager
def _marking_the_whole(engine: Engine, whole: RunRecord) -> Iterator[None]:
    """The run that the instructions are for is running while they are made, and ends as their making does."""
    write_mark(engine, whole.id, RunState.RUNNING, whole.elapsed_seconds)
    state, message = RunState.FAILED, ""
    try:
        yield
        state = RunState.RUNNING
    except asyncio.CancelledError:
        state = RunState.INTERRUPTED
        raise
    except GristmillError as error:
        message = str(error)
        raise
    finally:
        if state is not RunState.RUNNING:
            with suppress(StoreError):  # the error that ended the making says it better
                write_mark(engine, whole.id, state, whole.elapsed_seconds, message)


@asynccontextmanager
async def _open_pipeline(
    session: RunSession, record: RunRecord, known: Sequence[BriefProgress]
) -> AsyncIterator[Pipeline]:
    engine, config, generators = session.store, session.config, session.generators
    settings = config.instructions
    maker = MakerName(settings.maker or "")
    seeds = await asyncio.to_thread(read_seeds, settings) if settings.seeds else []
    index = await asyncio.to_thread(_index, engine, config, gate_seeds(maker, seeds))
    book = WrittenBriefs(maker, MAKERS[maker], index.signature, SIGNATURE_VERSION)
    for brief in known:
        book.know(brief.brief, brief.position)
    sampler = await asyncio.to_thread(open_sampler, engine, record, config, seeds, known, book)
    async with AsyncExitStack() as stack:
        generator: Generator
        if MAKERS[maker].by_rule:
            generator = ConstraintRule(settings.max_constraints)
        else:
            generator = await generators.generator(maker_settings(config), book.problems, VerifierSettings())
        scoring = await stack.enter_async_context(opened_scoring(config, generators))
        judge = stack.enter_context(
            InstructionJudge(
                Reading(maker, record.id),
                index,
                sampler,
                target=settings.target,
                version=filters_version(settings),
                scoring=scoring,
                discriminator=await asyncio.to_thread(learned_discriminator, engine, config, seeds),
            )
        )
        yield Pipeline(
            _plan(sampler, record, settings, known),
            book.problems,
            partial(render, _PLAIN),
            generator,
            judge,
            StoreLedger(engine, record.id, briefs=book),
            pipeline_settings(config),
            elapsed_before=record.elapsed_seconds,
        )


def _plan(
    sampler: BriefSampler, record: RunRecord, settings: InstructionSettings, known: Sequence[BriefProgress]
) -> BriefPlan:
    totals = Totals()
    for brief in known:
        totals.accepted += brief.tally.accepted
        totals.rejected += brief.tally.rejected
        totals.undecided += brief.tally.undecided
        totals.tokens += brief.tally.tokens
    return BriefPlan(
        sampler,
        record.seed,
        target=settings.target,
        most_draws=settings.most_draws,
        totals=totals,
        next_numbers={brief.brief.id: brief.next_number for brief in known},
        asks=MAKERS[MakerName(settings.maker or "")].asks,
    )


def _index(engine: Engine, config: RunConfig, seeds: Sequence[Material]) -> InstructionFilters:
    """The gates with all that a candidate may not be like: seeds, and what any run has made before."""
    known = [Known(seed.parent, seed.text, None) for seed in seeds]
    with reading(engine) as session:
        made = (
            Known(stored.problem_id, stored.text, stored.signature)
            for stored in stored_instructions(session, SIGNATURE_VERSION)
        )
        return InstructionFilters(config.instructions, chain(known, made))


@asynccontextmanager
async def opened_scoring(config: RunConfig, generators: Generators) -> AsyncIterator[Scoring | None]:
    """None where nothing is to be scored. With `perplexity` on `auto` a server that gives no log
    probabilities of prompts is named on stderr and passed over; with `on` it raises ConfigError.
    """
    settings = config.instructions
    if settings.maker is not MakerName.EXTRACT or settings.perplexity == "off":
        yield None
        return
    async with AsyncExitStack() as stack:
        opening = open_scorer(await generators.address(config.generator))
        scoring = None
        try:
            scoring = Scoring(await stack.enter_async_context(opening), settings.perplexity_ratio)
        except ConfigError as error:
            if settings.perplexity == "on":
                raise
            print(visible(f"perplexity: not looked at: {error}"), file=sys.stderr, flush=True)  # noqa: T201
        yield scoring


def learned_discriminator(
    engine: Engine, config: RunConfig, seeds: Sequence[Material]
) -> Discriminator | None:
    """Fitted on the seeds and on what another run made of such, None where none is asked for."""
    run_id = config.instructions.discriminator_run
    if run_id is None:
        return None
    with reading(engine) as session:
        made = made_texts(session, instruction_run_id(run_id))
    if not made:
        raise ConfigError(f"discriminator_run: the store has no run {run_id!r} that made instructions")
    return Discriminator.fit([seed.text for seed in seeds], made, config.run.seed or 0)
