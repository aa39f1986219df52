"""The filters on generated instructions, in order: the first that rejects a candidate says why.

A candidate meets the cheap filters first (length, language, blocklist, what a model of text cannot
do), then those that compare it with every instruction known so far (exact duplicate, MinHash, ROUGE-L),
then those that compare it with benchmarks. The first that objects says why, with evidence. `admit` asks the
comparing filters once more, since others may have been admitted in the meantime, and puts the text into their
indexes: of two near-duplicates the first admitted stays. So admit in an order that can be repeated.

The indexes are made from what the store knows (`Known`): a second run does not accept what a first one did.

Source: the filters of Self-Instruct (Wang et al., 2023), decontamination as in GPT-3 (Brown et al., 2020).
Raise `RULES` with every change that can change a verdict, here or in the modules for each filter.
"""

import hashlib
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from gristmill.sampling.errors import ConfigError
from gristmill.text.file_hash import file_sha256
from gristmill.verifiers.filters.benchmarks import BenchmarkItem, read_items
from gristmill.verifiers.filters.blocklist import read_blocklist
from gristmill.verifiers.filters.contamination import ContaminationIndex
from gristmill.verifiers.filters.embeddings import EmbeddingFilter
from gristmill.verifiers.filters.known import Candidate, Known, KnownInstructions
from gristmill.verifiers.filters.near_duplicates import SKETCH_VERSION, sketch_of, sketch_state
from gristmill.verifiers.filters.not_for_text import beyond_text
from gristmill.verifiers.filters.settings import ANY_LANGUAGE, FilterSettings
from gristmill.verifiers.filters.terms import beginning, without_quotations
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.language import language_of, language_probability
from gristmill.verifiers.reasons import Reason

__all__ = ["RULES", "SIGNATURE_VERSION", "InstructionFilters", "Known", "filters_version"]

RULES = 2
SIGNATURE_VERSION = SKETCH_VERSION
"""Signatures made under another version are of no use: give None for them."""

LEAST_PROBABILITY = 0.002
"""Of the language asked for, below which a text is in another. Of English pieces of 15 characters, cut from
GSM8K's questions, one in a thousand comes below 0.0085; of MATH's questions, formulae and all, none;
sentences in 17 other languages, the shortest of 12 letters, come below 0.001.
"""

_LANGUAGE_CHARACTERS = 120
"""Enough to tell; what comes later in an instruction is often material, in whatever language."""

_ENGLISH = frozenset(
    (
        "the", "and", "that", "this", "these", "those", "with", "what", "which", "who", "whose", "why", "how",
        "when", "where", "from", "there", "their", "they", "you", "your", "has", "have", "been", "does",
        "would", "should", "could", "about", "between", "each", "write", "explain", "give", "make",
    )
)  # fmt: skip
_FEW, _GLANCE_CHARACTERS = 2, 180
"""So many different ones of these, which are words in no other language, spare the model: most of the time
that this filter takes.
"""

_KNOWN_LENGTHS = 4
"""Known texts are compared by their start: so many times the characters that a candidate may have."""

_LIBRARIES = ("py3langid", "rapidfuzz", "rensa")


class InstructionFilters:
    """One thread asks and admits; any may ask for a signature. `ConfigError` where a file cannot be read.

    `filters` are those that `fault` asks, in this order.
    """

    def __init__(self, settings: FilterSettings, known: Iterable[Known] = ()) -> None:
        self._settings = settings
        items = tuple(read_items(settings.benchmark, settings.benchmark_fields()))
        self._blocklist = read_blocklist(settings.blocklist) if settings.blocklist else None
        self._contamination = ContaminationIndex(items, settings.contamination_ngram)
        cosine = settings.contamination_cosine
        self._embedding = None if cosine is None else EmbeddingFilter(items, cosine)
        self._longest = _KNOWN_LENGTHS * settings.max_instruction_characters
        self._known = KnownInstructions(settings.near_duplicate_jaccard, settings.rouge_limit, self._longest)
        self._last = Candidate("")
        self.filters: dict[str, Callable[[Candidate], Finding | None]] = {
            "length": self._length,
            "language": self._language,
            "blocklist": self._blocked,
            "text only": self._not_for_text,
            "known": self._known.fault,
            "benchmarks": self._contaminated,
        }
        for one in known:
            self._known.add(one.problem_id, Candidate(one.text), one.signature)

    def __len__(self) -> int:
        """Instructions in the indexes."""
        return len(self._known)

    def fault(self, text: str) -> Finding | None:
        """The fault that the first filter finds; None where none does, which does not yet admit the text."""
        candidate = self._read(text)
        for objection in self.filters.values():
            if fault := objection(candidate):
                return fault
        return None

    def admit(self, problem_id: str, text: str) -> Finding | None:
        """Puts the text into the indexes, unless one of those objects *now*; no other filter is asked."""
        candidate = self._read(text)
        fault = self._known.fault(candidate)
        if fault is None:
            self._known.add(problem_id, candidate)
        return fault

    def contaminated(self, source: str) -> Finding | None:
        """Whether what an instruction is made from shares text with a benchmark; any length of it is read."""
        return self._contaminated(Candidate(source))

    def signature(self, text: str) -> bytes:
        """Some 640 bytes, the same for the same text under one `SIGNATURE_VERSION` and one longest text."""
        return sketch_state(sketch_of(text[: self._longest]))

    def _read(self, text: str) -> Candidate:
        if text != self._last.text:
            self._last = Candidate(text)
        return self._last

    def _length(self, candidate: Candidate) -> Finding | None:
        """Characters first: nothing that takes time is done with a text that is too long."""
        settings, characters = self._settings, len(candidate.text)
        if characters > (most := settings.max_instruction_characters):
            return Finding(Reason.TOO_LONG, f"{characters} characters; at most {most}")
        if (words := len(candidate.words)) < settings.min_words:
            return Finding(Reason.TOO_SHORT, f"{words} words; at least {settings.min_words}")
        if words > settings.max_words:
            return Finding(Reason.TOO_LONG, f"{words} words; at most {settings.max_words}")
        return None

    def _language(self, candidate: Candidate) -> Finding | None:
        """Without quotations: "Translate '...' into English" is in English. What cannot be told passes."""
        wanted = self._settings.instruction_language
        if wanted == ANY_LANGUAGE:
            return None
        own_words = without_quotations(candidate.text).lstrip()
        glance = own_words[:_GLANCE_CHARACTERS].lower().split()
        if wanted == "en" and len(_ENGLISH.intersection(glance)) >= _FEW:
            return None
        own_words = own_words[:_LANGUAGE_CHARACTERS]
        language, likely = language_of(own_words)
        if language == wanted:
            return None
        probability = language_probability(own_words, wanted)
        if probability is None or probability >= LEAST_PROBABILITY:
            return None
        return Finding(Reason.OTHER_LANGUAGE, f"{language or 'no language'} ({likely:.2f}); wanted {wanted}")

    def _blocked(self, candidate: Candidate) -> Finding | None:
        found = self._blocklist.found(candidate.words) if self._blocklist else None
        return None if found is None else Finding(Reason.BLOCKED, f"holds {beginning(found)!r}")

    def _not_for_text(self, candidate: Candidate) -> Finding | None:
        found = beyond_text(candidate.text)
        return None if found is None else Finding(Reason.NOT_FOR_TEXT, f"asks: {beginning(found)}")

    def _contaminated(self, candidate: Candidate) -> Finding | None:
        if span := self._contamination.shared(candidate.words):
            shared = f"{len(span.words)} words: {beginning(' '.join(span.words))!r}"
            return Finding(Reason.CONTAMINATED, f"shares {shared} with {_place(span.item)}")
        if self._embedding and (nearest := self._embedding.nearest(candidate.text)):
            item, cosine = nearest
            return Finding(Reason.CONTAMINATED, f"cosine {cosine:.3f} to {_place(item)}")
        return None


def _place(item: BenchmarkItem) -> str:
    return f"{item.file}, line {item.line}: {beginning(item.text)!r}"


def filters_version(settings: FilterSettings) -> str:
    """Verdicts under one version can be compared: rules, libraries, settings, contents of the files named.

    What a subclass of the settings has besides does not count: no filter reads it.
    """
    read = set(FilterSettings.model_fields) - {"blocklist", "benchmark"}
    digest = hashlib.sha256(settings.model_dump_json(include=read).encode())
    for file in (settings.blocklist, *settings.benchmark):
        try:
            content = b"" if file is None else bytes.fromhex(file_sha256(Path(file)))
        except (OSError, ValueError) as exc:
            raise ConfigError(f"{file} cannot be read: {exc}") from exc
        digest.update(b"\x1f" + content)
    libraries = ",".join(f"{name}-{version(name)}" for name in _LIBRARIES)
    return f"{RULES}/{libraries}/{digest.hexdigest()[:8]}"
