"""Conversion of one row into a Problem, or into the reason why it cannot be one.

Texts are stripped, and numbers are written as people write them (145.0 gives the reference 145). A text that
no request could carry (half a surrogate pair) is refused here and not in mid-run.
"""

import json
import math
from decimal import Decimal

from gristmill.problems.presets import FieldMap
from gristmill.problems.rows import MAX_ROW_BYTES, Row
from gristmill.sampling.records import Problem, problem_id

_LARGEST_EXACT_FLOAT = 2.0**53
_KINDS: dict[type, str] = {
    dict: "nested object",
    list: "list",
    bool: "boolean",
    int: "number",
    float: "number",
}


class FieldError(Exception):
    """One field cannot be used; the message is the reason. Becomes a BadRow."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def parse_row(row: Row, fields: FieldMap, source: str, file: dict[str, str]) -> Problem:
    """`file` is the part of the origin that all rows share. Raises FieldError."""
    prompt, reference = _prompt(row, fields), _reference(row, fields)
    level = None if fields.level is None else _present(row, fields.level)
    return Problem(
        problem_id(prompt, reference),
        prompt,
        reference,
        "" if fields.level is None or level is None else _text_of(fields.level, level),
        source,
        (),
        {**file, row.unit: str(row.number)},
    )


def _prompt(row: Row, fields: FieldMap) -> str:
    """The parts joined by a space; of several parts some may be empty."""
    parts = []
    for name in fields.prompts:
        value = _present(row, name)
        if not isinstance(value, str):
            raise FieldError(name, f"is {_kind(value)}, not text")
        parts.append(_valid_text(name, value))
    return _not_empty(",".join(fields.prompts), " ".join(filter(None, parts)))


def _reference(row: Row, fields: FieldMap) -> str:
    name = fields.reference
    if name is None:
        return ""
    value = _present(row, name)
    if fields.lists and isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    text = _not_empty(name, _text_of(name, value))
    try:
        return _not_empty(name, fields.read_reference(text))
    except ValueError as error:
        raise FieldError(name, str(error)) from error


def _present(row: Row, name: str) -> object:
    if name not in row.fields:
        raise FieldError(name, f"is missing; the row has {', '.join(row.known) or 'no fields'}")
    return row.fields[name]


def _text_of(name: str, value: object) -> str:
    if isinstance(value, str):
        return _valid_text(name, value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise FieldError(name, f"is {_kind(value)}, neither text nor a number")
    if not math.isfinite(value):
        raise FieldError(name, f"is {value}, which is no number")
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_EXACT_FLOAT:
        return str(int(value))
    return str(value)


def _valid_text(name: str, text: str) -> str:
    if len(text) > MAX_ROW_BYTES:
        raise FieldError(name, f"is {len(text)} characters long; at most {MAX_ROW_BYTES} are read")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FieldError(name, f"holds half of a surrogate pair at character {error.start}") from error
    return text.strip()


def _not_empty(name: str, text: str) -> str:
    if not text:
        raise FieldError(name, "is empty")
    return text


def _kind(value: object) -> str:
    return "null" if value is None else f"a {_KINDS.get(type(value), type(value).__name__)}"
