"""Index of the instructions accepted so far, and the check of a new one for duplicates and near-duplicates.

The idea: three comparisons, cheapest first, each with an index of its own that grows as texts are added: the
same up to case, punctuation and spacing (a dictionary of hashes), most letter sequences shared (MinHash), and
most words shared in the same order (ROUGE-L, where a formula counts as a whole). All live in memory, about
1.3 KB a text of 240 characters, and are made anew from the store when a process starts.

Limit: a known text much longer than any candidate may be (`longest`) is compared by its start, but for the
first.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import rensa

from gristmill.text.words import folded_words
from gristmill.verifiers.filters.near_duplicates import NearDuplicateIndex, sketch_from, sketch_of_terms
from gristmill.verifiers.filters.rouge import RougeIndex
from gristmill.verifiers.filters.terms import beginning, duplicate_key, terms_of
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason


@dataclass(frozen=True, slots=True)
class Known:
    """An instruction accepted before, or given. `signature` is None where there is none of this version."""

    problem_id: str
    text: str
    signature: bytes | None = None


class Candidate:
    """A text, and what more than one filter reads of it, made when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[str]:
        return folded_words(self.text)

    @cached_property
    def plain(self) -> str:
        return duplicate_key(self.text)

    @cached_property
    def terms(self) -> list[str]:
        return terms_of(self.plain)

    @cached_property
    def key(self) -> bytes:
        """Equal for duplicates; a text without a word or sign is a duplicate of itself alone."""
        plain = self.plain or self.text
        return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    @cached_property
    def sketch(self) -> rensa.RMinHash:
        return sketch_of_terms(self.terms)


class KnownInstructions:
    """Texts numbered from 0 in the order in which they were added. Limits of 1 turn an index off."""

    def __init__(self, jaccard_limit: float, rouge_limit: float, longest: int) -> None:
        self._longest = longest
        self._texts: list[tuple[str, str]] = []
        self._keys: dict[bytes, int] = {}
        self._near = NearDuplicateIndex(jaccard_limit) if jaccard_limit < 1 else None
        self._rouge = RougeIndex(rouge_limit) if rouge_limit < 1 else None
        self._found_new: tuple[str, int] | None = None

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, problem_id: str, candidate: Candidate, signature: bytes | None = None) -> None:
        """`DataError` where the signature is none."""
        self._keys.setdefault(candidate.key, len(self._texts))
        if len(candidate.text) > self._longest:
            candidate = Candidate(candidate.text[: self._longest])
        self._texts.append((problem_id, candidate.text))
        if self._near is not None:
            self._near.add(candidate.text, candidate.sketch if signature is None else sketch_from(signature))
        if self._rouge is not None:
            self._rouge.add(candidate.terms)

    def fault(self, candidate: Candidate) -> Finding | None:
        """None where it is new. The same text is not compared again while nothing was added."""
        state = (candidate.text, len(self._texts))
        if self._found_new == state:
            return None
        fault = self._duplicate(candidate) or self._near_duplicate(candidate) or self._same_words(candidate)
        self._found_new = None if fault else state
        return fault

    def _duplicate(self, candidate: Candidate) -> Finding | None:
        number = self._keys.get(candidate.key)
        return None if number is None else Finding(Reason.DUPLICATE, f"the same as {self._named(number)}")

    def _near_duplicate(self, candidate: Candidate) -> Finding | None:
        nearest = self._near.nearest(candidate.text, candidate.sketch) if self._near else None
        if nearest is None:
            return None
        return Finding(Reason.NEAR_DUPLICATE, f"Jaccard {nearest[1]:.3f} to {self._named(nearest[0])}")

    def _same_words(self, candidate: Candidate) -> Finding | None:
        nearest = self._rouge.nearest(candidate.terms) if self._rouge else None
        if nearest is None:
            return None
        return Finding(Reason.NEAR_DUPLICATE, f"ROUGE-L {nearest[1]:.3f} to {self._named(nearest[0])}")

    def _named(self, number: int) -> str:
        problem_id, text = self._texts[number]
        return f"{problem_id}: {beginning(text)!r}"
