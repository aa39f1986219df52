"""The phases of a run after `prepare`, in order: make instructions, take them as problems, sample, measure.

`prepare` comes before them, since it decides what the run goes by. Prefect hands in the same phases as its
tasks, with their log lines and artifacts; the command line, with a display beside them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gristmill.runs.sample import sample
from gristmill.runs.selection import measure
from gristmill.runs.session import RunSession
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.records import RunState


async def make(session: RunSession) -> PipelineReport:
    """As `make_instructions`."""
    from gristmill.runs.instructions.make import make_instructions

    return await make_instructions(session)


async def take(session: RunSession) -> int:
    """As `take_instructions`."""
    from gristmill.runs.instructions.take import take_instructions

    return await asyncio.to_thread(take_instructions, session.store, session.run_id, session.config)


async def measure_responses(session: RunSession) -> int:
    """As `measure`, of the responses of the whole run."""
    return await asyncio.to_thread(measure, session.store, session.run_id, session.config.selection)


@dataclass(frozen=True, slots=True)
class Phases:
    """What is called for each phase."""

    make: Callable[[RunSession], Awaitable[PipelineReport]] = make
    take: Callable[[RunSession], Awaitable[int]] = take
    sample: Callable[[RunSession], Awaitable[PipelineReport]] = sample
    measure: Callable[[RunSession], Awaitable[int]] = measure_responses


DIRECT = Phases()


async def execute(session: RunSession, phases: Phases = DIRECT) -> RunState:
    """Brings a prepared run to its end, or as far as it comes before it is stopped; says how it then stands.

    Instructions are made and taken where the recipe makes them, and responses measured where it wants that.
    What a phase raises ends the run. The generators are closed before responses are measured: no other run
    waits for a server meanwhile.
    """
    config = session.config
    if config.makes_instructions:
        made = await phases.make(session)
        if made.state is not RunState.FINISHED:
            return made.state
        await phases.take(session)
        if not config.instructions.responses:
            return made.state
    sampled = await phases.sample(session)
    if sampled.state is RunState.FINISHED and config.selection.wanted:
        await session.generators.close()
        await phases.measure(session)
    return sampled.state
