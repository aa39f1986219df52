"""Root verb and direct object of the first sentence of an instruction, by a part-of-speech tagger.

Self-Instruct (arXiv 2212.10560) shows the variety of a set by its most frequent root verbs, each with its
most frequent objects, from a parser. Here a tagger and two rules stand for the parser: the root is the
first verb in its base form that is not part of "to do", and the object is the head of the noun phrase right
behind it, a pronoun and a particle skipped ("give me a list", "write down a dish").

The tagger is HanTa (a hidden Markov model over morphemes and words, in plain Python), an optional extra; a
missing one is a ConfigError. Its English model is a pickle that the package ships: nothing else is unpickled.

Limits: English. "Given the facts, compose" is right, a question such as "What is the use of it?" has no verb
in base form and gives none, and of two objects ("give the student a list") the first is taken.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import takewhile
from typing import Protocol, cast

from gristmill.sampling.errors import ConfigError

MOST_WORDS = 25
"""Words of the first sentence that are tagged."""

_MOST_CHARACTERS = 2_000
_TOKEN = re.compile(r"[A-Za-z]{1,30}(?:['’-][A-Za-z]{1,30}){0,3}|[0-9]{1,20}|[.,;:!?()\"]")
_SENTENCE_ENDS = frozenset(".!?")
_VERBS = frozenset({"VVB", "VVI"})
_NOUNS = frozenset({"NN0", "NN1", "NN2", "NP0", "UNC"})
_DETERMINERS = frozenset({"AT0", "DT0", "DPS"})
_BEFORE_NOUNS = _DETERMINERS | {"CRD", "ORD", "AJ0", "AJC", "AJS", "PNP", "AVP", "AV0", "VVN"}


@dataclass(frozen=True, slots=True)
class VerbNoun:
    """Lemmas in lower case; `noun` is "" where the verb has no object that the rules find."""

    verb: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class VerbCount:
    """A verb with its count, and its most frequent objects with theirs, the most frequent first."""

    verb: str
    count: int
    nouns: tuple[tuple[str, int], ...]


class _Tagger(Protocol):
    def tag_sent(self, sent: list[str]) -> list[tuple[str, str, str]]:
        """Word, lemma and tag (of CLAWS 5) for each word."""


def verb_noun(text: str) -> VerbNoun | None:
    """None where the first sentence has no verb in base form. Raises ConfigError where HanTa is missing."""
    tokens = _first_sentence(text)
    return _root(_tagger().tag_sent(tokens)) if tokens else None


def verb_counts(found: Iterable[VerbNoun | None], verbs: int = 20, nouns: int = 4) -> tuple[VerbCount, ...]:
    """The most frequent verbs with the most frequent nouns of each; ties in the order of the alphabet."""
    pairs = Counter((each.verb, each.noun) for each in found if each is not None)
    by_verb: Counter[str] = Counter()
    objects: dict[str, Counter[str]] = {}
    for (verb, noun), count in pairs.items():
        by_verb[verb] += count
        objects.setdefault(verb, Counter())[noun] += count
    return tuple(
        VerbCount(verb, count, tuple(each for each in _by_count(objects[verb]) if each[0])[:nouns])
        for verb, count in _by_count(by_verb)[:verbs]
    )


def _by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


@cache
def _tagger() -> _Tagger:
    try:
        module = import_module("HanTa.HanoverTagger")
    except ModuleNotFoundError as exc:
        raise ConfigError("verbs and nouns need HanTa: pip install 'gristmill[diversity]'") from exc
    return cast("_Tagger", module.HanoverTagger("morphmodel_en.pgz"))


def _first_sentence(text: str) -> list[str]:
    """Words and marks up to the first end of a sentence that has a word before it."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(text[:_MOST_CHARACTERS]):
        if len(tokens) == MOST_WORDS or (tokens and match[0] in _SENTENCE_ENDS):
            break
        if tokens or match[0][0].isalnum():
            tokens.append(match[0].replace("’", "'"))
    return tokens


def _root(tagged: Sequence[tuple[str, str, str]]) -> VerbNoun | None:
    tags = [tag for _, _, tag in tagged]
    if len(tags) > 1 and tags[0] in _NOUNS and _begins_an_object(tagged[1]):
        tags[0] = "VVB"
    following = [*tags[1:], ""]
    places = [place for place, tag in enumerate(tags) if tag in _VERBS and following[place] != "TO0"]
    orders = [place for place in places if not place or tags[place - 1] != "TO0"]
    for place in orders or places:
        return VerbNoun(tagged[place][1].lower(), _object(tagged, tags, place + 1))
    return None


def _begins_an_object(second: tuple[str, str, str]) -> bool:
    """Whether a "noun" before it, at the start of a sentence, is an order: "Brainstorm a list", "List ten
    names", but not "Question 3".
    """
    return second[2] in _DETERMINERS or (second[2] == "CRD" and second[0].isalpha())


def _object(tagged: Sequence[tuple[str, str, str]], tags: Sequence[str], start: int) -> str:
    skipped = len(list(takewhile(_BEFORE_NOUNS.__contains__, tags[start:])))
    nouns = len(list(takewhile(_NOUNS.__contains__, tags[start + skipped :])))
    return tagged[start + skipped + nouns - 1][1].lower() if nouns else ""
