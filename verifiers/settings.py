"""Settings of verification: which verifier decides, what counts as an answer, what a verification may cost.

Read and checked once, where they come in. Every description is the help of a command line flag and the label
of a field in a form, so each is one plain line. Importing this module loads pydantic and nothing heavier: the
checks of a schema, a grammar or a bound import what they need.
"""

import re
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gristmill.sampling.records import Structure, StructureKind
from gristmill.verifiers.language import LANGUAGES
from gristmill.verifiers.verdict_text import shortened

VerifierName = Literal["math", "structure", "code-tests", "constraints", "grounding", "rubric", "sound"]

STRUCTURE_FIELDS = ("json_schema", "regex", "grammar")
"""At most one of them is set."""

SANDBOX_MARGIN_SECONDS = 2.0
"""From the end of the time for all tests to the end of the verification: start, report, clearing up."""

_LONGEST_STRUCTURE = 200_000


class Extraction(StrEnum):
    """How far the search for the answer goes; each setting takes in the one before it."""

    BOXED_ONLY = "boxed-only"
    PHRASES = "phrases"
    LENIENT = "lenient"


class VerifierSettings(BaseModel):
    """Which verifier decides, what counts as an answer, and what one verification may cost."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    verifier: VerifierName = Field(default="math", description="The verifier that decides")
    json_schema: str | None = Field(
        default=None,
        min_length=1,
        max_length=_LONGEST_STRUCTURE,
        description="JSON Schema that every response must satisfy: a file, or the schema itself",
    )
    answer_field: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Field of the JSON document that holds the answer: a name, or a JSON Pointer (/a/0/b)",
    )
    regex: str | None = Field(
        default=None,
        min_length=1,
        max_length=_LONGEST_STRUCTURE,
        description="Regular expression (Python's) that must match every response whole",
    )
    grammar: str | None = Field(
        default=None,
        min_length=1,
        max_length=_LONGEST_STRUCTURE,
        description="Grammar of every response, in Lark's syntax: a file, or the grammar itself",
    )
    extraction: Extraction = Field(
        default=Extraction.PHRASES,
        description="Where an answer may stand: boxed-only, phrases (also #### and 'the answer is'), "
        "lenient (also the last formula or number)",
    )
    constraint_form: Literal["strict", "loose"] = Field(
        default="strict",
        description="How constraints are checked: on the response as it is, or also without its first and "
        "last line and its asterisks",
    )
    language: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,3}$",
        description="Language that every response must be in, by its ISO 639-1 code",
    )
    bounds: tuple[str, ...] = Field(
        default=(),
        max_length=64,
        description="Bound that a metric of every response must keep, such as 'words>=20'; several",
    )
    verify_timeout_seconds: float = Field(
        default=5.0,
        gt=0,
        le=600,
        description="Processor seconds after which a verification is undecided; by the clock it may take ten "
        "times that",
    )
    verify_workers: int = Field(
        default=0, ge=0, le=512, description="Verification processes; 0 is one per core, never under 2"
    )
    verify_memory_mb: int = Field(
        default=1024, ge=128, description="Megabytes a verification process may add to what it starts with"
    )
    sandbox_test_seconds: float = Field(
        default=2.0, gt=0, le=600, description="Seconds that one test of a response's code may take"
    )
    sandbox_seconds: float = Field(
        default=3.0,
        gt=0,
        le=600,
        description="Seconds that a response's code may run, all its tests together",
    )
    sandbox_memory_mb: int = Field(
        default=1024, ge=64, description="Megabytes of address space for each process of a response's code"
    )
    unsafe_no_isolation: bool = Field(
        default=False,
        description="Run a response's code even where no sandbox can be had: it may do anything",
    )

    def structure(self) -> Structure | None:
        """What every response must look like, None where that is left open."""
        texts = {
            StructureKind.JSON_SCHEMA: self.json_schema,
            StructureKind.REGEX: self.regex,
            StructureKind.GRAMMAR: self.grammar,
        }
        return next((Structure(kind, text) for kind, text in texts.items() if text is not None), None)

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, text: str | None) -> str | None:
        if text is not None:
            from gristmill.verifiers.structure.json_schema import check_schema

            check_schema(text)
        return text

    @field_validator("grammar")
    @classmethod
    def _is_a_grammar(cls, text: str | None) -> str | None:
        if text is not None:
            from gristmill.verifiers.structure.grammar import check_grammar

            check_grammar(text)
        return text

    @field_validator("regex")
    @classmethod
    def _is_a_regex(cls, text: str | None) -> str | None:
        try:
            re.compile(text or "")
        except (re.error, OverflowError, RecursionError) as exc:
            raise ValueError(f"not a regular expression that Python takes: {shortened(str(exc))}") from exc
        return text

    @field_validator("bounds")
    @classmethod
    def _are_bounds(cls, bounds: tuple[str, ...]) -> tuple[str, ...]:
        if bounds:
            from gristmill.verifiers.metrics.bounds import read_bound

            for bound in bounds:
                read_bound(bound)
        return bounds

    @field_validator("language")
    @classmethod
    def _can_be_told(cls, code: str | None) -> str | None:
        if code is not None and code not in LANGUAGES:
            raise ValueError(f"{code!r} cannot be told; known: {', '.join(sorted(LANGUAGES))}")
        return code

    @model_validator(mode="after")
    def _has_one_structure_where_it_needs_one(self) -> "VerifierSettings":
        given = [name for name in STRUCTURE_FIELDS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)}: give only one")
        if self.verifier == "structure" and not given:
            raise ValueError(f"verifier: 'structure' needs one of {', '.join(STRUCTURE_FIELDS)}")
        return self

    @model_validator(mode="after")
    def _knows_where_the_answer_is(self) -> "VerifierSettings":
        r"""JSON writes `\\frac` for `\frac`: read as plain text, right answers would be wrong ones."""
        if self.answer_field is not None and (self.json_schema is None or self.verifier != "math"):
            raise ValueError("answer_field: of use to the verifier 'math' together with json_schema alone")
        reads_an_answer = self.verifier in ("math", "code-tests")
        if self.json_schema is not None and reads_an_answer and self.answer_field is None:
            raise ValueError(
                "json_schema: say verifier 'structure' to let the schema alone decide, or 'math' and the "
                "field of the answer by answer_field"
            )
        return self

    @model_validator(mode="after")
    def _leaves_time_for_the_sandbox(self) -> "VerifierSettings":
        least = self.sandbox_seconds + SANDBOX_MARGIN_SECONDS
        if self.verifier == "code-tests" and self.verify_timeout_seconds < least:
            raise ValueError(
                f"verify_timeout_seconds: {self.verify_timeout_seconds:g} ends a verification before its "
                f"tests may be over; give {least:g} or more (sandbox_seconds and {SANDBOX_MARGIN_SECONDS:g})"
            )
        return self
