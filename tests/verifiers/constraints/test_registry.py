import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.constraints import CONSTRAINTS, combination, constraint, read_constraints, written
from gristmill.verifiers.constraints.registry import LONGEST_REFERENCE
from tests.verifiers.constraints.arguments import PROMPTS


def test_what_is_written_is_read_again() -> None:
    rng = Random(40)
    for number in range(500):
        drawn = combination(rng, 1 + number % 3, PROMPTS[number % len(PROMPTS)])
        text = written(drawn)
        assert read_constraints(text) == drawn
        assert written(read_constraints(text)) == text


def test_the_writing_is_canonical() -> None:
    read = read_constraints(
        ' [ {"args": {"most": 5, "least": 2}, "kind": "words-between"}, {"kind":"title"}]'
    )
    assert written(read) == (
        '[{"args":{"least":2,"most":5},"kind":"words-between"},{"args":{},"kind":"title"}]'
    )
    words = written([constraint("keywords-included", {"keywords": ["größe"]})])
    assert "größe" in words


UNREADABLE = [
    ("", "Expecting value"),
    ("5", "not a list of 1 to 8"),
    ("[]", "not a list of 1 to 8"),
    (json.dumps([{"kind": "title"}] * 9), "not a list of 1 to 8"),
    ('{"kind": "title"}', "not a list of 1 to 8"),
    ('["title"]', 'constraint 1: not an object of "kind" and "args"'),
    ('[{"kind": "title"}, {"args": {}}]', 'constraint 2: not an object of "kind" and "args"'),
    ('[{"kind": "title", "arg": {}}]', 'constraint 1: not an object of "kind" and "args"'),
    ('[{"kind": 5}]', '"kind" is no text'),
    ('[{"kind": "title", "args": []}]', '"args" is no object'),
    ('[{"kind": "haiku"}]', "constraint 1: unknown kind 'haiku'; known are words-at-least, "),
    ('[{"kind": "title", "args": {"count": 1}}]', "title: count: Extra inputs"),
    ('[{"kind": "words-at-least"}]', "words-at-least: count: Field required"),
    ('[{"kind": "words-at-least", "args": {"count": "5"}}]', "count: Input should be a valid integer"),
    ('[{"kind": "words-at-least", "args": {"count": 5.5}}]', "count: Input should be a valid integer"),
    ('[{"kind": "words-at-least", "args": {"count": true}}]', "count: Input should be a valid integer"),
    ('[{"kind": "words-at-least", "args": {"count": 1}}]', "count: Input should be greater"),
    ('[{"kind": "words-at-most", "args": {"count": 99999999}}]', "count: Input should be less"),
    ('[{"kind": "words-between", "args": {"least": 5, "most": 4}}]', "args: .*least is above most"),
    ('[{"kind": "language", "args": {"language": "xx"}}]', "language: .*known are ar, "),
    ('[{"kind": "letter-at-most", "args": {"letter": "E", "count": 4}}]', "letter: .*one letter"),
    ('[{"kind": "letter-at-most", "args": {"letter": "ß", "count": 4}}]', "letter: .*one letter"),
    ('[{"kind": "keywords-included", "args": {"keywords": []}}]', "keywords: .*at least 1"),
    ('[{"kind": "keywords-included", "args": {"keywords": ["a, b"]}}]', "keywords.0: .*no other signs"),
    ('[{"kind": "keywords-included", "args": {"keywords": ["a", "A"]}}]', "keywords: .*stands twice"),
    ('[{"kind": "starts-with", "args": {"phrase": ""}}]', "phrase: "),
    ('[{"kind": "starts-with", "args": {"phrase": " a"}}]', "phrase: .*no white space"),
    ('[{"kind": "starts-with", "args": {"phrase": "a\\nb"}}]', "phrase: .*no line breaks"),
    ('[{"kind": "starts-with", "args": {"phrase": "a\\ud800"}}]', "starts-with: "),
    ('[{"kind": "starts-with", "args": {"phrase": "a\\u0000"}}]', "phrase: .*no control"),
    ('[{"kind": "choice", "args": {"options": ["Yes."]}}]', "options: .*at least 2"),
    ('[{"kind": "choice", "args": {"options": ["Yes.", "***"]}}]', "options: .*no word"),
    ('[{"kind": "postscript", "args": {"marker": "PS"}}]', "marker: "),
    ('[{"kind": "repeat-prompt", "args": {"prompt": "a\\u0000"}}]', "prompt: "),
    ('[{"kind": "title", "kind": "title"}]', "stands twice"),
    ("[" * 100_000, "deep"),
    (f'"{"a" * LONGEST_REFERENCE}"', "characters, at most"),
]


@pytest.mark.parametrize(("reference", "message"), UNREADABLE, ids=lambda value: ascii(value[:40]))
def test_a_reference_that_is_no_list_of_constraints_says_what_is_wrong(reference: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_constraints(reference)


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_nothing_but_a_value_error_comes_of_any_text(reference: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_constraints(reference)


@given(
    st.sampled_from(list(CONSTRAINTS)),
    st.dictionaries(
        st.sampled_from(["count", "keywords", "word", "phrase", "letter", "paragraph", "options", "prompt"]),
        st.one_of(st.integers(), st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3)),
        max_size=3,
    ),
)
def test_arguments_at_random_make_a_constraint_that_works_or_a_value_error(
    kind: str, args: dict[str, object]
) -> None:
    try:
        made = constraint(kind, args)
    except ValueError:
        return
    assert read_constraints(written([made])) == (made,)
    assert made.sentence()
    made.check("Some text.")
