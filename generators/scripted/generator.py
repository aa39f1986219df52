"""Backend `scripted`: responses by rule (`script`), in process, for tests, simulations and dry runs.

It behaves like a backend in every way the pipeline can see: draws take time, run side by side, fail and are
refused.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from gristmill.generators.scripted.briefs import MADE_BY, MAKER, scripted_proposals
from gristmill.generators.scripted.script import Script, fault_chance, scripted_response
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError
from gristmill.sampling.records import Draw, Failure, Problem, Prompt, Response, Structure

FAULT_KINDS = ("timeout", "connection", "http-429", "http-503", "bad-body")


class ScriptedGenerator:
    """Plays `script` for `problems` (by id). The same seed brings the same response, always."""

    def __init__(self, problems: Mapping[str, Problem], script: Script) -> None:
        self.model = script.model
        self.condition = ""
        self._problems = problems
        self._script = script
        self._faults: dict[Draw, int] = {}

    def drain_failures(self) -> list[Failure]:
        """None: a fault is raised at once, and never tried again in here."""
        return []

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        problem = self._problems.get(draw.problem_id)
        if problem is None:
            raise ConfigError(f"problems: the script does not know the problem {draw.problem_id}")
        if problem.id in self._script.refused:
            raise RefusedError(f"the script refuses problem {problem.id}", kind="scripted")
        text = "\n".join(message.content for message in prompt)
        response = scripted_response(self._script, problem.id, problem.reference, draw, text)
        is_brief = MAKER in problem.origin and MADE_BY not in problem.origin
        if reply := self._script.reply or (scripted_proposals if is_brief else None):
            response = replace(response, text=reply(self._script, problem, draw))
        await asyncio.sleep(response.seconds)
        self._fail_by_chance(draw)
        return response

    def _fail_by_chance(self, draw: Draw) -> None:
        tries = self._faults.get(draw, 0)
        chance = fault_chance(draw, tries)
        if chance < self._script.fault_rate:
            self._faults[draw] = tries + 1
            kind = FAULT_KINDS[int(chance / self._script.fault_rate * len(FAULT_KINDS))]
            raise UnavailableError(f"a fault by script: {kind}", kind=kind)
        self._faults.pop(draw, None)


def script_of(settings: GeneratorSettings) -> Script:
    return Script(
        pass_rate=settings.script_pass_rate,
        latency_seconds=settings.script_latency_seconds,
        sigma=settings.script_sigma,
        length_rate=settings.script_length_rate,
        fault_rate=settings.script_fault_rate,
        tokens=settings.script_tokens,
        model=settings.model or Script().model,
    )


@asynccontextmanager
async def open_scripted(
    settings: GeneratorSettings,
    problems: Mapping[str, Problem],
    concurrency: int,
    structure: Structure | None,
) -> AsyncIterator[ScriptedGenerator]:
    """A script serves any number of draws, and heeds no structure."""
    yield ScriptedGenerator(problems, script_of(settings))
