"""Verifier `constraints`: a response must satisfy every constraint of its problem.

The problem's reference lists the constraints as JSON (`constraints/registry.py`); its prompt says them in
plain English. The format checks come first (`format_checks.general_fault`): a response that is unfinished,
no answer at all, or breaks the recipe's language or bounds is rejected for that. A constraint on the language
takes the place of the recipe's. Whether the response answers the instruction is for another verifier to say.

The version is `RULES/<strict or loose>/<version of the checks>`. Raise `RULES` with every change that can
change a verdict, here or in any module of `constraints/`.
"""

from time import perf_counter

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.constraints import Constraint, read_constraints, violation
from gristmill.verifiers.constraints.language import Language
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.format_checks import general_fault, general_version
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

NAME = "constraints"
RULES = 1
LONGEST_DETAIL = 4000
LONGEST_EVIDENCE = 400
"""Of one constraint, so that there is room for all that a reference may list."""


def constraints_version(settings: VerifierSettings) -> str:
    return f"{RULES}/{settings.constraint_form}/{general_version(settings)}"


def verify_constraints(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The detail of a rejection for constraints has a line for each that is violated: kind and evidence."""
    started = perf_counter()
    found = _judged(problem, response, settings)
    return found.verdict(NAME, constraints_version(settings), perf_counter() - started)


def _judged(problem: Problem, response: Response, settings: VerifierSettings) -> Finding:
    """The checks speak first, so that an unfinished response is that whatever the reference is."""
    constraints: tuple[Constraint, ...] = ()
    unreadable = ""
    try:
        constraints = read_constraints(problem.reference)
    except ValueError as exc:
        unreadable = str(exc)
    if fault := general_fault(problem, response, _without_language(settings, constraints)):
        return fault
    if not constraints:
        return Finding(Reason.UNREADABLE_REFERENCE, unreadable[:LONGEST_DETAIL])
    loose = settings.constraint_form == "loose"
    violated = [
        f"{each.kind}: {evidence[:LONGEST_EVIDENCE]}"
        for each in constraints
        if (evidence := violation(each, response.text, loose=loose, beside=constraints)) is not None
    ]
    if violated:
        return Finding(Reason.CONSTRAINT_VIOLATED, "\n".join(violated)[:LONGEST_DETAIL])
    return Finding(Reason.CONSTRAINTS_MET)


def _without_language(settings: VerifierSettings, constraints: tuple[Constraint, ...]) -> VerifierSettings:
    """Where a constraint asks for a language, it decides, and not the recipe."""
    if any(isinstance(each, Language) for each in constraints):
        return settings.model_copy(update={"language": None})
    return settings
