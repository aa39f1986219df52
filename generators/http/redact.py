"""Redaction of what a server or proxy says, before it is quoted or stored: secrets removed.

What is quoted is one line of bounded length besides. A response is left as it is but for the key.

A server that refuses a request may repeat its key, raw or in the escapes of JSON or of a URL; a proxy's
address may carry a user and a password. Both are removed here, at the last moment, when nothing will
decode the text any further; cutting to length comes after it, so that no half of a key is left. What is
not covered: a key in pieces, reversed, hashed, or in an encoding other than those two (base64, say); in a
response, a key that is too short to be one.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from gristmill.sampling.errors import GristmillError
from gristmill.sampling.records import Response
from gristmill.text.visible import visible

QUOTED_CHARACTERS = 300
SHORTEST_SECRET = 6
"""Characters of a key that is struck from responses. Shorter ones stand for none (`EMPTY`, `none`, `x`), and
are words of a text.
"""
_USER = r"(?P<slashes>(?:\\{0,3}/){2})[^\s/?#]*@"
_NO_KEY = r"(?P<key>(?!))"


class Redactor:
    """Removes one `secret` ("" for none), which its own repr does not show either."""

    def __init__(self, secret: str = "") -> None:
        characters = " ".join(secret.split())
        key = f"(?P<key>{''.join(map(_spellings, characters))})" if characters else _NO_KEY
        self._part = re.compile(f"{key}|{_USER}|.", re.DOTALL | re.IGNORECASE)
        is_secret = len(characters) >= SHORTEST_SECRET
        self._key = re.compile(key, re.IGNORECASE) if is_secret else None

    def redact(self, text: str) -> str:
        """One line: space folded, other control characters as escapes, `[key]` and `[user]` for secrets."""
        folded = " ".join(text.split())
        return "".join(map(_shown, islice(self._part.finditer(folded), QUOTED_CHARACTERS)))

    def without_key(self, response: Response) -> Response:
        """The response as it is to be stored: its text whole, `[key]` in place of the secret."""
        text = response.text if self._key is None else self._key.sub("[key]", response.text)
        return response if text == response.text else replace(response, text=text)

    def holds_secret(self, text: str) -> bool:
        """Whether the secret is in `text`."""
        return any(part["key"] is not None for part in self._part.finditer(" ".join(text.split())))

    @contextmanager
    def redacting(self) -> Iterator[None]:
        """Cleans the message of an error raised inside, and drops its cause, which may quote the same."""
        try:
            yield
        except GristmillError as exc:
            exc.args = (self.redact(str(exc)),)
            raise exc from None


def _spellings(character: str) -> str:
    """A pattern for one ASCII character of a key: as it is, after backslashes, or as a numbered escape."""
    numbered = rf"(?i:%|\\{{1,3}}u00|\\{{1,3}}x)(?i:{ord(character):02x})"
    if character == " ":
        return rf"(?:\s|\+|{numbered})+"
    return rf"(?:\\{{0,3}}{re.escape(character)}|{numbered})"


def _shown(part: re.Match[str]) -> str:
    if part["key"] is not None:
        return "[key]"
    if part["slashes"] is not None:
        return "//[user]@"
    return visible(part[0])
