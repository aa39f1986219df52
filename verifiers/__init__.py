"""Verifiers: functions from problem, response and settings to a verdict, and the processes they run in.

What a verifier says of a response is decided in `verdict_on`: it takes the response's answer part
(`answer_part.py`), checks the structure that the settings ask for, and calls the verifier that they name.
`worker.py` calls it inside a verification process and turns what it raises into `undecided`; `pool.py` keeps
the processes, ends those that take too long, and gives their verdict. A judge model (`rubric`) decides in
`runs/judges/rubric.py`; responses to briefs are judged in `runs/instructions/judge.py`. `reasons.py` lists
every reason that a verdict can give.

`VERIFIERS` names each verifier's module and functions. A module is imported when its verifier is first used
and not before, so that settings and commands load no parser and no computer algebra. To add a verifier: a
module with the two functions, a line in the table, its name in `settings.VerifierName`, a test file, a row in
`docs/verdicts.md`.
"""

from dataclasses import dataclass, replace
from importlib import import_module
from time import perf_counter
from typing import Protocol, cast

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.answer_part import answer_part
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import Extraction, VerifierName, VerifierSettings

__all__ = [
    "VERIFIERS",
    "Extraction",
    "VerifierEntry",
    "VerifierSettings",
    "check_sandbox",
    "verdict_on",
    "verdict_without_verifier",
    "version_of",
]


class Verify(Protocol):
    """Decides on one response. May take long, use much memory, and raise: run it in a `VerifierPool`."""

    def __call__(self, problem: Problem, response: Response, settings: VerifierSettings, /) -> Verdict: ...


class Version(Protocol):
    """All that the verifier's verdicts depend on beside problem and response, in one line."""

    def __call__(self, settings: VerifierSettings, /) -> str: ...


@dataclass(frozen=True, slots=True)
class VerifierEntry:
    """Where a verifier is: `verify` and `version` are names of functions in `module`."""

    module: str
    verify: str
    version: str

    def load(self) -> tuple[Verify, Version]:
        module = import_module(self.module)
        return cast(Verify, getattr(module, self.verify)), cast(Version, getattr(module, self.version))


_FORMAT_CHECKS = VerifierEntry("gristmill.verifiers.format_checks", "verify_sound", "sound_version")
_STRUCTURE = VerifierEntry("gristmill.verifiers.structure.verify", "verify_structure", "structure_version")

VERIFIERS: dict[VerifierName, VerifierEntry] = {
    "math": VerifierEntry("gristmill.verifiers.math.verify", "verify_math", "math_version"),
    "structure": _STRUCTURE,
    "code-tests": VerifierEntry("gristmill.verifiers.code.verify", "verify_code_tests", "code_version"),
    "constraints": VerifierEntry(
        "gristmill.verifiers.constraints.verify", "verify_constraints", "constraints_version"
    ),
    "grounding": VerifierEntry(
        "gristmill.verifiers.grounding.verify", "verify_grounding", "grounding_version"
    ),
    "rubric": _FORMAT_CHECKS,  # the checks before the judge model; `runs/judges` runs them as `sound`
    "sound": _FORMAT_CHECKS,
}


def verdict_on(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The verdict of the verifier that the settings name on the response's answer part. One without the
    structure that they ask for is rejected before it. Raises whatever a verifier raises.
    """
    started = perf_counter()
    part = answer_part(response)
    judged = replace(response, text=part.text)
    if settings.verifier != "structure" and settings.structure() is not None:
        from gristmill.verifiers.structure.verify import structural_fault

        if fault := structural_fault(judged, settings):
            return verdict_without_verifier(settings, *fault, perf_counter() - started)
    verify, _ = VERIFIERS[settings.verifier].load()
    verdict = verify(problem, judged, settings)
    return replace(verdict, version=version_of(settings), span=part.span_in_response(verdict.span))


def verdict_without_verifier(
    settings: VerifierSettings, reason: Reason, detail: str, seconds: float
) -> Verdict:
    """The verdict where the verifier had no say: the structure is wrong, or it came to no end."""
    return Finding(reason, detail).verdict(settings.verifier, version_of(settings), seconds)


def version_of(settings: VerifierSettings) -> str:
    """The version of all that goes into a verdict: the verifier, and the structure that is checked first."""
    _, version = VERIFIERS[settings.verifier].load()
    if settings.verifier == "structure" or settings.structure() is None:
        return version(settings)
    _, structure_version = _STRUCTURE.load()
    return f"{version(settings)}+{structure_version(settings)}"


def check_sandbox(settings: VerifierSettings) -> None:
    """Raises ConfigError where the verifier runs code and this machine has no sandbox for it."""
    if settings.verifier == "code-tests":
        from gristmill.verifiers.sandbox.run import available_isolation

        available_isolation(settings.unsafe_no_isolation)
