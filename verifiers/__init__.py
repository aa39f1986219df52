"""Whether a response is right: verifiers, and the pool of processes they run in.

A verifier is a plain function from problem, response and settings to a verdict. To add one: a module with the
function and its version, a line in each table here, a test file, a row in the README.
"""

from collections.abc import Callable

from sampling.records import Problem, Response, Verdict
from verifiers.code_tests import code_version, verify_code_tests
from verifiers.math_answer import math_version, verify_math
from verifiers.settings import Extraction, VerifierSettings
from verifiers.structure import structure_version, verify_structure

Verifier = Callable[[Problem, Response, VerifierSettings], Verdict]

VERIFIERS: dict[str, Verifier] = {
    "math": verify_math,
    "structure": verify_structure,
    "code-tests": verify_code_tests,
}

VERSIONS: dict[str, Callable[[VerifierSettings], str]] = {
    "math": math_version,
    "structure": structure_version,
    "code-tests": code_version,
}


def version_of(settings: VerifierSettings) -> str:
    """The version of all that goes into a verdict: the verifier, and the structure that it is gated by."""
    own = VERSIONS[settings.verifier](settings)
    gate = "" if settings.verifier == "structure" else structure_version(settings)
    return f"{own}+{gate}" if gate else own


__all__ = ["VERIFIERS", "VERSIONS", "Extraction", "Verifier", "VerifierSettings", "version_of"]
