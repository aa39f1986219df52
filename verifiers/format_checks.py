"""Verifier `sound`: format checks alone (finished, no refusal, no repetition, language, bounds on metrics).

For instructions that have no reference and no constraint. `general_fault` is these checks; `constraints`,
`grounding` and `rubric` make them first. They say what is wrong with the form of a response, never that
its content is right.

A response is in another language only where the identification is sure (`SURE`); a short one, or one in two
languages, passes.

The version has what the checks depend on: `RULES/gates-GATE_RULES`, then, where they are set, the language
with the version of the library that tells it, and a hash of the bounds. Raise `GATE_RULES` with every change
of a check or metric that can change a verdict.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.filters.leaked_text import leaked_token, leaked_turn
from gristmill.verifiers.filters.non_answers import asks_for_input, no_response
from gristmill.verifiers.filters.placeholders import placeholder
from gristmill.verifiers.filters.prompt_echo import prompt_echo
from gristmill.verifiers.filters.refusals import refusal
from gristmill.verifiers.filters.responses import repetition, unfinished
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.language import language_of
from gristmill.verifiers.metrics.bounds import broken, read_bound
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

NAME = "sound"
RULES = 1
GATE_RULES = 2
FORM: tuple[Callable[[str, str], Reason | None], ...] = (
    leaked_token,
    leaked_turn,
    refusal,
    no_response,
    placeholder,
    prompt_echo,
    asks_for_input,
)
"""The checks of a response's text beside its prompt, in their order."""

SURE = 0.9
"""Probability from which a language is taken to be known."""


def sound_version(settings: VerifierSettings) -> str:
    return f"{RULES}/{general_version(settings)}"


def general_version(settings: VerifierSettings) -> str:
    """What a verdict owes to `general_fault`: a part of the version of every verifier that asks it."""
    return _version(settings.language, settings.bounds)


@cache
def _version(language: str | None, bounds: tuple[str, ...]) -> str:
    parts = [f"gates-{GATE_RULES}"]
    if language is not None:
        parts.append(f"language-{language}-{_installed('py3langid')}")
    if bounds:
        read = [read_bound(bound) for bound in bounds]
        texts = "\n".join(map(str, read))
        parts.append(f"bounds-{hashlib.sha256(texts.encode()).hexdigest()[:8]}")
        if any(bound.name == "toxicity" for bound in read):
            parts.append(f"toxicity-{_installed('alt-profanity-check')}")
    return "/".join(parts)


def _installed(package: str) -> str:
    """Its version. A verdict that needs a missing package is not given, but its version may be asked for."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def verify_sound(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """Accepted where no check has anything to say, whatever the problem is."""
    started = perf_counter()
    found = general_fault(problem, response, settings) or Finding(Reason.SOUND)
    return found.verdict(NAME, sound_version(settings), perf_counter() - started)


def general_fault(problem: Problem, response: Response, settings: VerifierSettings) -> Finding | None:
    """The first of: unfinished, those of `FORM`, repetition, other language, out of bounds.

    ConfigError where a bound's metric needs a package that is missing; ValueError for a bound that is none.
    """
    text = response.text
    form = (reason for check in FORM if (reason := check(text, problem.prompt)))
    if reason := unfinished(response) or next(form, None) or repetition(text):
        return Finding(reason)
    return _other_language(text, settings.language) or _out_of_bounds(text, settings.bounds)


def _other_language(text: str, wanted: str | None) -> Finding | None:
    if wanted is None:
        return None
    language, probability = language_of(text)
    if language in ("", wanted) or probability < SURE:
        return None
    return Finding(Reason.OTHER_LANGUAGE, f"{language} ({probability:.2f}), wanted {wanted}")


def _out_of_bounds(text: str, bounds: tuple[str, ...]) -> Finding | None:
    evidence = broken([read_bound(bound) for bound in bounds], text)
    return None if evidence is None else Finding(Reason.OUT_OF_BOUNDS, evidence)
