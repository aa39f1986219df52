"""Verifier `structure`: a response must match a JSON Schema, a regular expression or a grammar.

A structure is checked whatever the server made of it: guided decoding may be off, partial, or cut short.
Where another verifier decides, the structure is checked before it (`verifiers.verdict_on`). A response that
did not end by itself is `cut-off` before it is anything else. Where the structure decides, a control token of
a chat template that it does not name is rejected, too.

A regular expression is Python's, and must match the whole response, white space and all.

The version is `RULES/<library and its version>/<kind>-<hash of the text>`. Raise `RULES` with every change
that can change a verdict, here or in the modules for each kind.
"""

import hashlib
import platform
import re
from functools import cache
from importlib.metadata import version
from time import perf_counter

from gristmill.sampling.records import Problem, Response, Structure, StructureKind, Verdict
from gristmill.verifiers.filters import responses as response_filters
from gristmill.verifiers.filters.leaked_text import leaked_token
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

NAME = "structure"
RULES = 2

_LIBRARIES = {StructureKind.JSON_SCHEMA: "jsonschema", StructureKind.GRAMMAR: "lark"}


def structure_version(settings: VerifierSettings) -> str:
    """ "" where no structure is asked for."""
    structure = settings.structure()
    return "" if structure is None else _version(structure)


@cache
def _version(structure: Structure) -> str:
    library = _LIBRARIES.get(structure.kind)
    reader = f"{library}-{version(library)}" if library else f"python-{platform.python_version()}"
    digest = hashlib.sha256(structure.text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{RULES}/{reader}/{structure.kind}-{digest}"


def verify_structure(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """Accepted for the structure alone, whatever the problem is. May take long: run it in a
    `VerifierPool`.
    """
    started = perf_counter()
    reason, detail = structural_fault(response, settings) or (Reason.VALID, "")
    if reason is Reason.VALID:
        structure = settings.structure()
        named = "" if structure is None else structure.text.replace("\\", "")
        reason = leaked_token(response.text, f"{problem.prompt}\n{named}") or reason
    return Finding(reason, detail).verdict(NAME, structure_version(settings), perf_counter() - started)


def structural_fault(response: Response, settings: VerifierSettings) -> tuple[Reason, str] | None:
    """Why a response has not the structure asked for; None where it has it, or none is asked for."""
    structure = settings.structure()
    if structure is None:
        return None
    if reason := response_filters.unfinished(response):
        return reason, ""
    if structure.kind is StructureKind.JSON_SCHEMA:
        from gristmill.verifiers.structure.json_schema import schema_violation

        return schema_violation(structure.text, response.text)
    if structure.kind is StructureKind.GRAMMAR:
        from gristmill.verifiers.structure.grammar import grammar_mismatch

        return grammar_mismatch(structure.text, response.text)
    if re.fullmatch(structure.text, response.text) is None:
        return Reason.REGEX_MISMATCH, "the regular expression does not match the whole response"
    return None
