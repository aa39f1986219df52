"""Where a quote stands in a passage: by whole words, up to white space, at its first place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.grounding.quotations import span_in


@pytest.mark.parametrize(
    ("passage", "quote", "found"),
    [
        ("The  sea\nrose by 5.", "sea rose", "sea\nrose"),
        ("The sea rose", " The sea\t rose ", "The sea rose"),
        ("It is “an old” one", '"an old" one', "“an old” one"),
        ("cats, cat", "cat", "cat"),
        ("15 degrees", "5 degrees", None),
        ("3.5 degrees", "5 degrees", None),
        ("3.5 degrees", "3", None),
        ("rose 1,500 m", "rose 1", None),
        ("-5 degrees", "5 degrees", None),
        ("The sea", "the sea", None),
        ("The sea", "", None),
        ("The sea", " \n", None),
        ("", "The sea", None),
        ("a.b", "a", "a"),
        ("a \ud800\0 b", "\ud800\0", "\ud800\0"),
    ],
)
def test_a_quote_is_found_by_whole_words_up_to_white_space(
    passage: str, quote: str, found: str | None
) -> None:
    span = span_in(passage, quote)
    assert (None if span is None else passage[slice(*span)]) == found


def test_the_offsets_are_those_of_the_first_place() -> None:
    assert span_in("cats, cat, cat", "cat") == (6, 9)


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_a_span_that_is_found_is_the_quote(before: str, quote: str, after: str) -> None:
    passage = f"{before} {quote} {after}"
    span = span_in(passage, quote)
    if span is not None:
        assert passage[slice(*span)].split() == quote.split() or '"' in passage or "'" in passage
