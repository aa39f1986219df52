"""Whether a response is right: verifiers, and the pool of processes they run in.

A verifier is a plain function from problem, response and settings to a verdict. To add one: a module with the
function and its version, a line in each table here, a test file, a row in `docs/verdicts.md`.
"""

from collections.abc import Callable

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.code.verify import code_version, verify_code_tests
from gristmill.verifiers.constraint_check import constraints_version, verify_constraints
from gristmill.verifiers.grounding.verify import grounding_version, verify_grounding
from gristmill.verifiers.math.verify import math_version, verify_math
from gristmill.verifiers.settings import Extraction, VerifierSettings
from gristmill.verifiers.sound import sound_version, verify_sound
from gristmill.verifiers.structure.verify import structure_version, verify_structure

Verifier = Callable[[Problem, Response, VerifierSettings], Verdict]

VERIFIERS: dict[str, Verifier] = {
    "math": verify_math,
    "structure": verify_structure,
    "code-tests": verify_code_tests,
    "constraints": verify_constraints,
    "grounding": verify_grounding,
    "sound": verify_sound,
    "rubric": verify_sound,  # the gates before the judge model, which is asked elsewhere (`flows/rubric.py`)
}

VERSIONS: dict[str, Callable[[VerifierSettings], str]] = {
    "math": math_version,
    "structure": structure_version,
    "code-tests": code_version,
    "constraints": constraints_version,
    "grounding": grounding_version,
    "sound": sound_version,
    "rubric": sound_version,
}


def version_of(settings: VerifierSettings) -> str:
    """The version of all that goes into a verdict: the verifier, and the structure that it is gated by."""
    own = VERSIONS[settings.verifier](settings)
    gate = "" if settings.verifier == "structure" else structure_version(settings)
    return f"{own}+{gate}" if gate else own


__all__ = ["VERIFIERS", "VERSIONS", "Extraction", "Verifier", "VerifierSettings", "version_of"]
