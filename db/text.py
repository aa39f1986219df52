"""Text columns that take every Python string and give it back exactly, on both databases.

Models emit NUL, which PostgreSQL refuses, and lone surrogates, which no driver can encode. Both are escaped
on the way in and restored on the way out: the escape character (private use, plane 16) is followed by itself,
or by four hexadecimal digits of the code point. Text without such characters, nearly all of it, is stored as
it is.
"""

import re
from collections.abc import Callable

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

ESCAPE = "\U00100e5c"

_UNSTORABLE = re.compile(f"[\x00\ud800-\udfff{ESCAPE}]")
_ESCAPED = re.compile(f"{ESCAPE}({ESCAPE}|[0-9a-f]{{4}})")


def escaped(text: str) -> str:
    """What is stored for `text`: no NUL, no surrogates, valid UTF-8."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub(_escape, text)


def unescaped(stored: str) -> str:
    """The text that `escaped` was given."""
    if ESCAPE not in stored:
        return stored
    return _ESCAPED.sub(_unescape, stored)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return ESCAPE + (character if character == ESCAPE else f"{ord(character):04x}")


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return code if code == ESCAPE else chr(int(code, 16))


class StoredText(TypeDecorator[str]):
    """Text of any origin. Comparing in SQL works for equality; lengths and LIKE see the escaped form."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escaped(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:
        """In place of `process_result_value`, around which a call is wrapped for every value."""
        return _restored


def _restored(value: str | None) -> str | None:
    return value if value is None or ESCAPE not in value else unescaped(value)
