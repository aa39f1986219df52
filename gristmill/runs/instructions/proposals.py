"""Parser of responses to briefs: the problems that one proposes, with the checks that only this maker has.

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
from gristmill.verifiers.filters.fault import Fault
from gristmill.verifiers.reasons import Reason

Check = Callable[[Problem, Proposal], Fault | None]


@dataclass(frozen=True, slots=True)
class Read:
    """A proposal's own text, the problem that it would be, and what speaks against it so far.

    `note` is kept with a candidate that is accepted: what was measured of it.
    """

    text: str
    problem: Problem
    fault: Fault | None
    note: str = ""


def _keeps_its_parent(brief: Problem, proposal: Proposal) -> Fault | None:
    return content_lost(brief.reference, proposal.prompt)


def _is_grounded(brief: Problem, proposal: Proposal) -> Fault | None:
    return ungrounded(brief.reference, proposal.quote, proposal.answer)


def _is_consistent(brief: Problem, proposal: Proposal) -> Fault | None:
    try:
        constraints = read_constraints(proposal.reference)
    except ValueError as error:
        return Fault(Reason.UNPARSABLE, str(error))
    with_prompt = (conflict_with_prompt(constraint, brief.prompt) for constraint in constraints)
    evidence = conflicts(constraints) or next(filter(None, with_prompt), None)
    return Fault(Reason.CONFLICTING, evidence) if evidence else None


CHECKS: dict[MakerName, Check] = {
    MakerName.REFINE: _keeps_its_parent,
    MakerName.GROUNDED_QA: _is_grounded,
    MakerName.CONSTRAINED: _is_consistent,
}


class Reading:
    """Reads the responses of one maker, for the run whose id the problems made will name."""

    def __init__(self, maker: MakerName, run_id: str) -> None:
        self._maker = maker
        self._run_id = run_id

    def proposals(self, brief: Problem, response: Response) -> list[Read]:
        """In the order in which they stand; a response that was cut off gives what is complete in it."""
        ended = response.finish_reason is FinishReason.STOP
        found = MAKERS[self._maker].parse(response.text, ended)
        return [self._read(brief, proposal) for proposal in found]

    def _read(self, brief: Problem, proposal: Proposal) -> Read:
        check = CHECKS.get(self._maker)
        fault = check(brief, proposal) if check else None
        whole = proposal
        if self._maker is MakerName.GROUNDED_QA:
            whole = with_passage(proposal, brief.reference)
        elif self._maker is MakerName.EXTRACT:
            whole = Proposal(proposal.prompt, brief.reference)
        problem = Problem(
            problem_id(whole.prompt, whole.reference),
            whole.prompt,
            whole.reference,
            brief.level,
            self._maker.value,
            brief.parents,
            {**brief.origin, "run": self._run_id, "brief": brief.id},
        )
        text = proposal.prompt
        if self._maker is MakerName.GROUNDED_QA:  # of two passages the same may be asked
            text = f"{text}\n{proposal.answer}"
        return Read(text, problem, fault)
