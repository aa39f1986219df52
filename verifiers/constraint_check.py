"""The verifier for constraints: a response is accepted where it satisfies every constraint of its problem.

The problem's reference lists the constraints as JSON (`constraints/registry.py`); its prompt says them in
plain English. A response that is unfinished, or ends in repetition, is rejected for that. Nothing is said of
whether the response answers the instruction: that is for another verifier.

The version is `RULES/<strict or loose>`. Raise `RULES` with every change that can change a verdict, here or
in any module of `constraints/`.
"""

from time import perf_counter

from sampling.records import Problem, Response, Verdict
from verifiers import gates
from verifiers.constraints import read_constraints, violation
from verifiers.math_answer import storable
from verifiers.reasons import Reason, outcome_of
from verifiers.settings import VerifierSettings

NAME = "constraints"
RULES = 1
LONGEST_DETAIL = 4000
LONGEST_EVIDENCE = 400
"""Of one constraint, so that there is room for all that a reference may list."""


def constraints_version(settings: VerifierSettings) -> str:
    return f"{RULES}/{settings.constraint_form}"


def verify_constraints(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The detail of a rejection has a line for each violated constraint: its kind, and the evidence."""
    started = perf_counter()
    reason, detail = _judged(problem.reference, response, loose=settings.constraint_form == "loose")
    return Verdict(
        outcome_of(reason),
        reason,
        NAME,
        constraints_version(settings),
        storable(detail[:LONGEST_DETAIL]),
        seconds=perf_counter() - started,
    )


def _judged(reference: str, response: Response, *, loose: bool) -> tuple[Reason, str]:
    if reason := gates.unfinished(response) or gates.repetition(response.text):
        return reason, ""
    try:
        constraints = read_constraints(reference)
    except ValueError as exc:
        return Reason.UNREADABLE_REFERENCE, str(exc)
    violated = [
        f"{each.kind}: {evidence[:LONGEST_EVIDENCE]}"
        for each in constraints
        if (evidence := violation(each, response.text, loose=loose)) is not None
    ]
    return (Reason.CONSTRAINT_VIOLATED, "\n".join(violated)) if violated else (Reason.CONSTRAINTS_MET, "")
