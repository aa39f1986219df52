"""Test harness of the pipeline: a generator, a judge and a ledger in memory."""

import asyncio

from gristmill.sampling.pipeline import Pipeline, PipelineReport, PipelineSettings
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.ports import DrawPlan
from gristmill.sampling.scheduler import Scheduler
from tests.sampling.ports import GatedGenerator, MemoryLedger, TextJudge, problems, prompt_of

VANILLA_5 = Policy(PolicyName.VANILLA, None, 5)


class Harness:
    """A pipeline over ports in memory, and everything that a test looks at."""

    def __init__(
        self,
        generator: GatedGenerator,
        *,
        policy: Policy = VANILLA_5,
        count: int = 4,
        scheduler: DrawPlan | None = None,
        judge: TextJudge | None = None,
        ledger: MemoryLedger | None = None,
        settings: PipelineSettings | None = None,
    ) -> None:
        self.generator = generator
        self.judge = judge or TextJudge()
        self.ledger = ledger or MemoryLedger()
        self.stop = asyncio.Event()
        self.pipeline = Pipeline(
            scheduler or Scheduler(problems(count), policy, 1),
            problems(count),
            prompt_of,
            generator,
            self.judge,
            self.ledger,
            settings or PipelineSettings(concurrency=8, group_size=3, grace_seconds=5.0),
        )

    async def run(self) -> PipelineReport:
        return await asyncio.wait_for(self.pipeline.run(self.stop), 20)
