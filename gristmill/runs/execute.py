"""All phases of a run after its first, without Prefect: what the flows do as tasks, one after the other."""

import asyncio
from collections.abc import Callable, Sequence

from gristmill.db.sessions import Engine
from gristmill.runs.generators import Generators
from gristmill.runs.instructions.make import make_instructions
from gristmill.runs.instructions.take import take_instructions
from gristmill.runs.prepare import Prepared
from gristmill.runs.sample import Watcher, sample
from gristmill.runs.selection import measure
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.records import RunState

DONE = "problems done"
MADE = "instructions made"


async def execute(
    engine: Engine,
    prepared: Prepared,
    stop: asyncio.Event,
    generators: Generators,
    watchers: Callable[[str], Sequence[Watcher]] = lambda counted: (),
    ended: Callable[[PipelineReport], None] = lambda report: None,
) -> None:
    """Makes instructions where the recipe does so, draws responses, measures them; ends when stopped.

    `watchers` run beside each sampling, made for what it counts (DONE, MADE); `ended` is told what the
    sampling of responses came to.
    """
    run_id, config = prepared.run_id, prepared.config
    if config.makes_instructions:
        report = await make_instructions(engine, run_id, config, stop, generators, watchers(MADE))
        if report.state is not RunState.FINISHED:
            return
        await asyncio.to_thread(take_instructions, engine, run_id, config)
        if not config.instructions.responses:
            return
    report = await sample(engine, run_id, config, stop, generators, watchers(DONE))
    ended(report)
    if report.state is RunState.FINISHED:
        await asyncio.to_thread(measure, engine, run_id, config.selection)
