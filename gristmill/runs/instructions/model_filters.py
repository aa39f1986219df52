"""The filters that ask a model: how likely an instruction makes its fragment, and whether it looks like a
seed.
"""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from gristmill.db.candidates import made_texts
from gristmill.db.sessions import Engine, reading
from gristmill.generators.makers import MakerName
from gristmill.generators.scoring.score import open_scorer
from gristmill.runs.generators import Generators
from gristmill.runs.instructions.judge import Scoring
from gristmill.runs.names import instruction_run_id
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.candidates import Material
from gristmill.sampling.errors import ConfigError
from gristmill.text.visible import visible
from gristmill.verifiers.filters.discriminator import Discriminator


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
