"""Parser of responses to briefs: the candidate problems in one, with the checks of the run's own maker.

What all makers' candidates go through comes after, in the gates. A check here is part of how a maker works: a
refinement keeps what it refines, a quote stands in its passage, constraints do not contradict each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gristmill.generators.makers import MAKERS, MakerName
from gristmill.generators.makers.grounded import with_passage
from gristmill.sampling.candidates import Proposal
from gristmill.sampling.records import FinishReason, Problem, Response, problem_id
from gristmill.verifiers.constraints import conflict_with_prompt, conflicts, read_constraints
from gristmill.verifiers.filters.candidate_checks import content_lost, ungrounded
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason

Check = Callable[[Problem, Proposal], Finding | None]


@dataclass(frozen=True, slots=True)
class Read:
    """A proposal's own text, the problem that it would be, and what speaks against it so far.

    `note` is kept with a candidate that is accepted: what was measured of it.
    """

    text: str
    problem: Problem
    fault: Finding | None
    note: str = ""


def _is_consistent(brief: Problem, proposal: Proposal) -> Finding | None:
    try:
        constraints = read_constraints(proposal.reference)
    except ValueError as error:
        return Finding(Reason.UNPARSABLE, str(error))
    with_prompt = (conflict_with_prompt(constraint, brief.prompt) for constraint in constraints)
    evidence = conflicts(constraints) or next(filter(None, with_prompt), None)
    return Finding(Reason.CONFLICTING, evidence) if evidence else None


CHECKS: dict[MakerName, Check] = {
    MakerName.REFINE: lambda brief, proposal: content_lost(brief.reference, proposal.prompt),
    MakerName.GROUNDED_QA: lambda brief, made: ungrounded(brief.reference, made.quote, made.answer),
    MakerName.CONSTRAINED: _is_consistent,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the responses of one maker, for the run whose id the problems made will name."""

    maker: MakerName
    run_id: str

    def proposals(self, brief: Problem, response: Response) -> list[Read]:
        """In the order in which they stand; a response that was cut off gives what is complete in it."""
        ended = response.finish_reason is FinishReason.STOP
        found = MAKERS[self.maker].parse(response.text, ended)
        return [self._read(brief, proposal) for proposal in found]

    def _read(self, brief: Problem, proposal: Proposal) -> Read:
        text, whole = proposal.prompt, proposal
        if self.maker is MakerName.GROUNDED_QA:
            whole = with_passage(proposal, brief.reference)
            text = f"{text}\n{proposal.answer}"  # of two passages the same may be asked
        elif self.maker is MakerName.EXTRACT:
            whole = Proposal(proposal.prompt, brief.reference)
        problem = Problem(
            problem_id(whole.prompt, whole.reference),
            whole.prompt,
            whole.reference,
            brief.level,
            self.maker.value,
            brief.parents,
            {**brief.origin, "run": self.run_id, "brief": brief.id},
        )
        check = CHECKS.get(self.maker)
        return Read(text, problem, check(brief, proposal) if check else None)
