"""Verifier of responses to briefs: reads the candidates from a response and filters each.

The gates keep indexes of what was accepted, so all looking happens in one thread, in the order in which
responses come. Where a model has a say (perplexity) it is asked between two looks: whatever was accepted
meanwhile is looked at again, so that two alike never both come through. Candidates that come up when the
target is met are left undecided: they were not looked at, and nothing is said against them.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TypeVar

from gristmill.generators.scoring.score import PromptScorer, perplexity_ratio
from gristmill.runs.instructions.proposals import Read, Reading
from gristmill.sampling.briefs import BriefSampler
from gristmill.sampling.candidates import Material
from gristmill.sampling.errors import RefusedError, UnreadableError
from gristmill.sampling.records import Candidate, Outcome, Problem, Response, Verdict
from gristmill.verifiers.answer_part import answer_part
from gristmill.verifiers.filters import responses as response_filters
from gristmill.verifiers.filters.discriminator import Discriminator
from gristmill.verifiers.filters.instructions import InstructionFilters
from gristmill.verifiers.filters.leaked_text import leaked_token
from gristmill.verifiers.filters.refusals import refusal
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason

NAME = "gates"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scoring:
    """How much likelier an instruction must make its fragment: the ratio of perplexities that it is to be
    under.
    """

    scorer: PromptScorer
    under: float


class InstructionJudge:
    """A `sampling.ports.Judge` for responses to briefs. Use it as a context manager: it has a thread."""

    def __init__(
        self,
        reading: Reading,
        index: InstructionFilters,
        sampler: BriefSampler,
        *,
        target: int,
        version: str,
        scoring: Scoring | None = None,
        discriminator: Discriminator | None = None,
    ) -> None:
        self._reading = reading
        self._index = index
        self._sampler = sampler
        self._target = target
        self._version = version
        self._scoring = scoring
        self._discriminator = discriminator
        self._made = sampler.made
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gates")

    def __enter__(self) -> "InstructionJudge":
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        """Accepted where at least one candidate is; else the reason is the first candidate's."""
        started = perf_counter()
        judged = replace(response, text=answer_part(response).text)
        read = await self._apart(partial(self._look, problem, judged))
        if isinstance(read, Finding):
            return self._verdict(read.reason, read.detail, perf_counter() - started)
        if self._scoring is not None:
            read = [await _scored(item, problem.reference, self._scoring) for item in read]
        candidates = await self._apart(partial(self._admit, read))
        accepted = [one for one in candidates if one.verdict.outcome is Outcome.ACCEPTED]
        for candidate in accepted:
            made = candidate.problem
            self._sampler.accept(problem.id, Material(made.id, made.id, candidate.text, level=made.level))
        reason = Reason.NEW if accepted else Reason(candidates[0].verdict.reason)
        detail = f"{len(accepted)} of {len(candidates)} candidates accepted"
        return replace(self._verdict(reason, detail, perf_counter() - started), candidates=candidates)

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _look(self, brief: Problem, response: Response) -> list[Read] | Finding:
        """The proposals with the first fault of each; a Finding where the whole response is of no use."""
        if not response.text.strip():
            return Finding(Reason.EMPTY)
        text = response.text
        if reason := response_filters.repetition(text) or refusal(text) or leaked_token(text, brief.prompt):
            return Finding(reason)
        found = self._reading.proposals(brief, response)
        if not found:
            return Finding(response_filters.unfinished(response) or Reason.UNPARSABLE)
        source = self._index.contaminated(brief.reference) if "spans" in brief.origin else None
        return [replace(item, fault=item.fault or source or self._fault(item.text)) for item in found]

    def _fault(self, text: str) -> Finding | None:
        fault = self._index.fault(text)
        return fault or (self._discriminator.fault(text) if self._discriminator is not None else None)

    def _admit(self, read: Sequence[Read]) -> tuple[Candidate, ...]:
        return tuple(Candidate(item.text, item.problem, self._admitted(item)) for item in read)

    def _admitted(self, item: Read) -> Verdict:
        """What has no fault by now, and is not like one accepted since, is in, up to the target."""
        if item.fault is not None:
            return self._verdict(item.fault.reason, item.fault.detail)
        if self._made >= self._target:
            return self._verdict(Reason.BEYOND_TARGET)
        fault = self._index.admit(item.problem.id, item.text)
        if fault is not None:
            return self._verdict(fault.reason, fault.detail)
        self._made += 1
        return self._verdict(Reason.NEW, item.note)

    def _verdict(self, reason: Reason, detail: str = "", seconds: float = 0.0) -> Verdict:
        return Finding(reason, detail).verdict(NAME, self._version, seconds)


async def _scored(item: Read, fragment: str, scoring: Scoring) -> Read:
    """With the fault that the instruction makes its fragment no likelier, if that is so.

    A text that the server does not score, one too long for it, or of whose score it sends nothing that can be
    read, is left undecided. Raises UnavailableError.
    """
    if item.fault is not None:
        return item
    try:
        ratio = await perplexity_ratio(scoring.scorer, item.text, fragment)
    except (RefusedError, UnreadableError) as error:
        return replace(item, fault=Finding(Reason.UNSCORED, str(error)))
    note = f"perplexity ratio {ratio:.3f}"
    if ratio < scoring.under:
        return replace(item, note=note)
    return replace(item, fault=Finding(Reason.MISALIGNED, f"{note}, wanted under {scoring.under:g}"))
