"""Escapes text that UTF-8 cannot encode, and restores it.

A Python string may hold surrogates on their own, which UTF-8 cannot. JSON could write them as escapes of its
own, but the readers of Arrow and of Rust refuse those. They are escaped as the store does (`db/text.py`):
the escape character (private use, plane 16), then four hexadecimal digits. The escape character itself is
doubled, so that `restored` gives every string back exactly. NUL is valid Unicode and stays. Nearly no text
has any of this, so callers look at a whole batch first, at the speed of a search for bytes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from gristmill.db.text import ESCAPE, unescaped
from gristmill.exports.rows import Record

ESCAPE_BYTES = ESCAPE.encode()

_Value = TypeVar("_Value")
_ESCAPED = re.compile(f"[\ud800-\udfff{ESCAPE}]")


def unicode_records(records: Sequence[Record]) -> tuple[list[Record], int]:
    """The records with every text in them valid, and how many texts were changed. Keys are the format's own
    and stay.
    """
    escaping = _Escaping()
    return [cast(Record, escaping.value(record)) for record in records], escaping.texts


def restored(value: _Value) -> _Value:
    """The original of an exported text, or of a list or mapping of values, however deep."""
    return cast(_Value, _restored(value))


class _Escaping:
    """`texts` counts those that were changed."""

    def __init__(self) -> None:
        self.texts = 0

    def value(self, value: object) -> object:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value

    def _text(self, text: str) -> str:
        if text.isascii():
            return text
        escaped, found = _ESCAPED.subn(_escape, text)
        self.texts += found > 0
        return escaped


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return ESCAPE + (character if character == ESCAPE else f"{ord(character):04x}")


def _restored(value: object) -> object:
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, Mapping):
        return {key: _restored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_restored(item) for item in value]
    return value
