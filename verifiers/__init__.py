"""Whether a response is right: verifiers, and the pool of processes they run in.

A verifier is a plain function from problem, response and settings to a verdict. To add one: a module with the
function and its version, a line in each table here, a test file, a row in the README.
"""

from collections.abc import Callable

from sampling.records import Problem, Response, Verdict
from verifiers.math_answer import math_version, verify_math
from verifiers.settings import Extraction, VerifierSettings

Verifier = Callable[[Problem, Response, VerifierSettings], Verdict]

VERIFIERS: dict[str, Verifier] = {"math": verify_math}

VERSIONS: dict[str, Callable[[VerifierSettings], str]] = {"math": math_version}

__all__ = ["VERIFIERS", "VERSIONS", "Extraction", "Verifier", "VerifierSettings"]
