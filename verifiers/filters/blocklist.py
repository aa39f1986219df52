"""Blocklist: words and phrases that no instruction may hold, from a file of the user's.

Entries and texts are compared as `text.words.folded_words`, so that "Foo-Bar", "foo bar" and one with a
zero-width space in it are the same, and an entry never matches inside another word. Every run of words as
long as some entry is looked up in one set: the time grows with the text and the number of different lengths,
not with the number of entries.

The file: UTF-8, an entry a line; what follows a # at the start of a line or after a space is a comment.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from gristmill.sampling.errors import ConfigError
from gristmill.text.words import folded_words

_COMMENT = re.compile(r"(?:^|\s)#.*")


class Blocklist:
    """No entry may be without letters and digits: ValueError says which is."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries: set[str] = set()
        lengths: set[int] = set()
        for entry in entries:
            words = folded_words(entry)
            if not words:
                raise ValueError(f"{entry!r} has neither letters nor digits")
            self._entries.add(" ".join(words))
            lengths.add(len(words))
        self._lengths = sorted(lengths)

    def found(self, words: Sequence[str]) -> str | None:
        """An entry that stands in the text, as it is compared: of several the shortest, then the first."""
        for length in self._lengths:
            for start in range(len(words) - length + 1):
                if (run := " ".join(words[start : start + length])) in self._entries:
                    return run
        return None


def read_blocklist(file: str) -> Blocklist:
    """`ConfigError` where the file cannot be read, or has no entry."""
    try:
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise ConfigError(f"blocklist: {file} cannot be read: {exc}") from exc
    entries = [entry for line in lines if (entry := _COMMENT.sub("", line).strip())]
    if not entries:
        raise ConfigError(f"blocklist: {file} has no entry")
    try:
        return Blocklist(entries)
    except ValueError as exc:
        raise ConfigError(f"blocklist: {file}: {exc}") from exc
