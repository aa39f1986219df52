"""Diversity report of a set of texts: generated instructions, or responses to them.

Texts stream by once. N-grams, sources and kinds are counted over all of them in bounded memory; what needs
the texts themselves (entropies, ROUGE-L of pairs, verbs and nouns, embeddings) is of a seeded sample of
5,000, each text as likely in it as any other.

No self-BLEU: it is quadratic, and what it says ROUGE-L of pairs says. A figure is of use beside that of
another set, or of the seeds, and not by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gristmill.sampling.errors import ConfigError
from gristmill.text.hash_random import hash_bytes
from gristmill.verifiers.diversity.distinct_ngrams import DistinctNgrams, NgramShare, words
from gristmill.verifiers.diversity.spread import entropy, mean_cosine_distance, mean_rouge
from gristmill.verifiers.diversity.verbs_nouns import VerbCount, verb_counts, verb_noun
from gristmill.verifiers.reasons import Reason

SAMPLED_TEXTS = 5_000
SAMPLED_PAIRS = 5_000
EMBEDDED_TEXTS = 1_000
SAMPLED_CHARACTERS = 2_000
"""Characters of a text that stand for it in the sample."""

Embed: TypeAlias = Callable[[list[str]], Iterable[Iterable[float]]]
"""float32[texts, dimensions], of any length; rows in the order of the texts."""


@dataclass(frozen=True, slots=True)
class Text:
    """`source` is where it is from as its data set names it, `origin_kind` what made it: seed, document."""

    text: str
    source: str = ""
    origin_kind: str = ""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Candidates that were duplicates, word for word or nearly, among all that a filter has looked at."""

    exact: int
    near: int
    candidates: int

    @property
    def rate(self) -> float:
        """0..1; 0 where there is no candidate."""
        return (self.exact + self.near) / self.candidates if self.candidates else 0.0


@dataclass(frozen=True, slots=True)
class Diversity:
    """Counts are of all texts; entropies (nats), `rouge`, `verbs` and `embedding_distance` of the sample.

    `rouge` is the mean ROUGE-L of pairs and `embedding_distance` the mean cosine distance; None where there
    are not two texts, or no embedder was given. `verbs` is None where the tagger is not installed, and
    `verbs_missing` then says what to install; `with_verb` counts texts of the sample that have one.
    """

    texts: int
    words: int
    ngrams: tuple[NgramShare, ...]
    sampled: int
    unigram_entropy: float
    bigram_entropy: float
    rouge: float | None
    embedding_distance: float | None
    verbs: tuple[VerbCount, ...] | None
    with_verb: int
    verbs_missing: str
    sources: tuple[tuple[str, int], ...]
    origin_kinds: tuple[tuple[str, int], ...]
    duplicates: Duplicates | None


def diversity(
    texts: Iterable[Text],
    *,
    seed: int = 0,
    embed: Embed | None = None,
    candidates: Mapping[str, int] | None = None,
) -> Diversity:
    """The report. `candidates` are counts of everything proposed, by the reason of its verdict.

    Raises only what `embed` raises.
    """
    ngrams, sample = DistinctNgrams(), _Sample(SAMPLED_TEXTS, seed)
    sources: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for text in texts:
        ngrams.add(words(text.text))
        sample.add(text.text[:SAMPLED_CHARACTERS])
        sources[text.source] += 1
        kinds[text.origin_kind] += 1
    sampled = [words(each) for each in sample.texts]
    verbs, with_verb, missing = _verbs(sample.texts)
    return Diversity(
        texts=sample.offered,
        words=ngrams.words,
        ngrams=ngrams.shares(),
        sampled=len(sampled),
        unigram_entropy=entropy(sampled, 1),
        bigram_entropy=entropy(sampled, 2),
        rouge=mean_rouge(sampled, SAMPLED_PAIRS, seed),
        embedding_distance=None if embed is None else mean_cosine_distance(embed(_spaced(sample.texts))),
        verbs=verbs,
        with_verb=with_verb,
        verbs_missing=missing,
        sources=_by_count(sources),
        origin_kinds=_by_count(kinds),
        duplicates=None if candidates is None else _duplicates(candidates),
    )


def _verbs(texts: Sequence[str]) -> tuple[tuple[VerbCount, ...] | None, int, str]:
    try:
        found = [verb_noun(text) for text in texts]
    except ConfigError as error:
        return None, 0, str(error)
    return verb_counts(found), sum(each is not None for each in found), ""


def _spaced(texts: list[str]) -> list[str]:
    """At most `EMBEDDED_TEXTS`, evenly spaced: the first ones would be the beginning of a short set."""
    return texts[:: -(-len(texts) // EMBEDDED_TEXTS) or 1]


def _duplicates(candidates: Mapping[str, int]) -> Duplicates:
    return Duplicates(
        exact=candidates.get(Reason.DUPLICATE, 0),
        near=candidates.get(Reason.NEAR_DUPLICATE, 0),
        candidates=sum(candidates.values()) - candidates.get(Reason.BEYOND_TARGET, 0),
    )


def _by_count(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


class _Sample:
    """So many of the texts offered, each as likely to be kept as any other (a reservoir).

    The draw for the i-th text is a hash of the seed and i: the same texts in the same order give the same
    sample on every Python. It is kept in no order that means anything.
    """

    __slots__ = ("_seed", "_size", "offered", "texts")

    def __init__(self, size: int, seed: int) -> None:
        self._size, self._seed = size, seed
        self.offered = 0
        self.texts: list[str] = []

    def add(self, text: str) -> None:
        self.offered += 1
        if len(self.texts) < self._size:
            self.texts.append(text)
            return
        slot = int.from_bytes(hash_bytes(self._seed, self.offered)[:8], "big") % self.offered
        if slot < self._size:
            self.texts[slot] = text
