r"""Field mappings from a row to a problem: presets for published data sets, or fields named by the settings.

GSM8K writes the answer after `####` at the end of a worked solution, MATH in the solution's last `\boxed{}`,
or in several that stand together, SVAMP as a float such as `145.0`.
https://github.com/openai/grade-school-math, https://github.com/hendrycks/math,
https://github.com/arkilpatel/SVAMP
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gristmill.problems.settings import DatasetSettings, PresetName
from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.math.extraction import boxed, hashes
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.settings import VerifierName

WITHOUT_REFERENCE: frozenset[VerifierName] = frozenset({"structure", "sound", "rubric"})
"""Verifiers that decide without a reference."""

ReadReference = Callable[[str], str]
"""From what stands in the reference field to the reference. Raises ValueError with the reason."""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """The fields that make a problem: prompts are joined by a space, `reference` or `level` None leaves it
    empty. A reference that is a list in the data is read as its JSON where `lists` says so.
    """

    prompts: tuple[str, ...]
    reference: str | None
    level: str | None = None
    read_reference: ReadReference = str.strip
    lists: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name in (*self.prompts, self.reference, self.level) if name is not None)


def field_map(settings: DatasetSettings, verifier: VerifierName) -> FieldMap | None:
    """The preset's fields with those that the settings name in their place; None if one has no name.

    Tests of code are read once here, so that a reference without a test is a bad row and no verdict.
    """
    preset = PRESETS[settings.preset] if settings.preset else None
    prompts = preset.prompts if preset else ()
    if settings.prompt_field:
        prompts = tuple(name.strip() for name in settings.prompt_field.split(",") if name.strip())
    reference = settings.reference_field or (preset.reference if preset else None)
    if not prompts or (reference is None and verifier not in WITHOUT_REFERENCE):
        return None
    level = settings.level_field or (preset.level if preset else None)
    if verifier in _LISTS:
        return FieldMap(prompts, reference, level, _LISTS[verifier], lists=True)
    return FieldMap(prompts, reference, level, preset.read_reference if preset else str.strip)


def unnamed_fields(name: str, settings: DatasetSettings, known: Sequence[str]) -> ConfigError:
    """The error that says which flags are missing, which fields there are, and which presets would do."""
    flags = {"--prompt-field": settings.prompt_field, "--reference-field": settings.reference_field}
    missing = " and ".join(flag for flag, value in flags.items() if not value)
    fitting = [preset for preset, fields in PRESETS.items() if fields.names <= set(known)]
    hint = f", or --preset {' or '.join(fitting)}" if fitting else ""
    return ConfigError(f"{name} has the fields {', '.join(known)}: say what they hold with {missing}{hint}")


def _tests(reference: str) -> str:
    from gristmill.verifiers.code.cases import read_cases  # imported where it is needed

    read_cases(reference)
    return reference


def _constraints(reference: str) -> str:
    from gristmill.verifiers.constraints import read_constraints  # imported where it is needed

    read_constraints(reference)
    return reference


_LISTS: dict[VerifierName, ReadReference] = {"code-tests": _tests, "constraints": _constraints}
"""Verifiers whose references are lists, which are read once when they are loaded."""


def _after_hashes(solution: str) -> str:
    found = hashes(solution)
    if found is None:
        raise ValueError("holds no #### with the answer after it")
    return re.sub(r"(?<=\d),(?=\d{3})", "", found.answer)


def _last_box(solution: str) -> str:
    found = boxed(solution)
    if found is None:
        raise ValueError(r"holds no closed \boxed{} with the answer in it")
    if (
        found.parts
        and re.search(r"\bor\b", solution[found.start : found.end])
        and not _all_numbers(found.parts)
    ):
        return found.parts[-1]
    return found.answer


def _all_numbers(parts: tuple[str, ...]) -> bool:
    """Whether the boxes on both sides of an "or" are several numbers, and not one answer in two forms."""
    numbers = [read_number(normalise(part)) for part in parts]
    return None not in numbers and len({number.value for number in numbers if number}) > 1


def _without_point_zero(number: str) -> str:
    return re.sub(r"(?<=\d)\.0+$", "", number.strip())


PRESETS: dict[PresetName, FieldMap] = {
    "gsm8k": FieldMap(("question",), "answer", None, _after_hashes),
    "math": FieldMap(("problem",), "solution", "level", _last_box),
    "svamp": FieldMap(("Body", "Question"), "Answer", "Type", _without_point_zero),
    "demo": FieldMap(("question",), "answer", "level"),
}
