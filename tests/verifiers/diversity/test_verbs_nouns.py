"""Root verbs and their objects against answers worked by hand; any text has some, or none, and soon."""

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.diversity import verbs_nouns
from gristmill.verifiers.diversity.verbs_nouns import VerbCount, VerbNoun, verb_counts, verb_noun

CASES = [
    ("Write a short poem about the sea.", VerbNoun("write", "poem")),
    ("Make a grocery list for a healthy meal.", VerbNoun("make", "list")),
    ("Give me a recipe for bread.", VerbNoun("give", "recipe")),
    ("Write down a main dish. Then explain it.", VerbNoun("write", "dish")),
    ("Find the four smallest perfect numbers.", VerbNoun("find", "number")),
    ("Given a set of numbers, find all possible subsets.", VerbNoun("find", "subset")),
    ("Using the facts given, write a question-answer pair.", VerbNoun("write", "pair")),
    ("To keep the rhyme, write the last line.", VerbNoun("write", "line")),
    ("You need to write a creative opening scene.", VerbNoun("write", "scene")),
    ("Can you explain the theorem to a child?", VerbNoun("explain", "theorem")),
    ("Brainstorm a list of possible names.", VerbNoun("brainstorm", "list")),
    ("... Describe the picture's frame", VerbNoun("describe", "frame")),
    ("Come up with a question.", VerbNoun("come")),
    ("Decide whether the argument is sound.", VerbNoun("decide")),
    ("What is the relation between the given pairs?", None),
    ("I am tired. Write a poem.", None),
    ("7 + 8 = ?", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_root_verb_and_its_object(text: str, expected: VerbNoun | None) -> None:
    assert verb_noun(text) == expected


HOSTILE = [
    ("", None),
    ("\x00", None),
    ("\ud800\udfff make a list", VerbNoun("make", "list")),
    ("\u202eWrite a poem", VerbNoun("write", "poem")),
    ("." * 10**6, None),
    ("a" * 10**7, None),
    ("a-'" * 10**6, None),
    ("make " * 10**6, VerbNoun("make")),
    ("supercalifragilisticexpialido " * 50, None),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("text", "expected"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_read_in_the_end(text: str, expected: VerbNoun | None) -> None:
    assert verb_noun(text) == expected


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("aeinrst '-.?")), max_size=200))
@settings(deadline=None, max_examples=100)
def test_no_text_is_an_error(text: str) -> None:
    found = verb_noun(text)
    assert found is None or found.verb == found.verb.lower() != ""


def test_counts_are_the_most_frequent_and_then_the_alphabet() -> None:
    found = [
        *[VerbNoun("write", "poem")] * 3,
        VerbNoun("write", "essay"),
        VerbNoun("write", "code"),
        VerbNoun("write"),
        None,
        VerbNoun("list", "name"),
        VerbNoun("explain"),
        VerbNoun("give", "name"),
    ]
    assert verb_counts(found, verbs=3, nouns=2) == (
        VerbCount("write", 6, (("poem", 3), ("code", 1))),
        VerbCount("explain", 1, ()),
        VerbCount("give", 1, (("name", 1),)),
    )


def test_a_missing_tagger_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "HanTa", None)
    monkeypatch.delitem(sys.modules, "HanTa.HanoverTagger", raising=False)
    verbs_nouns._tagger.cache_clear()
    with pytest.raises(ConfigError, match=re.escape("pip install 'gristmill[diversity]'")):
        verb_noun("Write a poem.")
