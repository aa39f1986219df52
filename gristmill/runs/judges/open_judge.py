"""Opens the judge of a run: the pool of verifier processes, and for `rubric` a judge model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gristmill.runs.open_generators import Generators
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.ports import Judge
from gristmill.verifiers.pool import VerifierPool


@asynccontextmanager
async def open_judge(
    config: RunConfig, generators: Generators, most_verdicts: int | None = None
) -> AsyncIterator[Judge]:
    """`most_verdicts` is how many will be asked for at most, where that is known.

    Raises what opening the processes and the judge model raises."""
    settings = config.verifier
    if settings.verifier != "rubric":
        async with VerifierPool(settings, most_verdicts) as pool:
            yield pool
        return
    from gristmill.runs.judges.rubric import open_rubric_judge

    own = await generators.address(config.generator)
    async with (
        VerifierPool(settings.model_copy(update={"verifier": "sound"}), most_verdicts) as pool,
        open_rubric_judge(config.judge, own, pool) as judge,
    ):
        yield judge
