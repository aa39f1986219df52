"""Hostile text in Markdown: whatever it says, it is one code span on one line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.flows.artifacts.markdown import LONGEST, escaped, table

HOSTILE = [
    "a | b",
    "<script>alert(1)</script>",
    "`rm -rf`",
    "```\nfence",
    "one\ntwo\r\n# three",
    "abc\u202ecba",
    "[here](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "http://evil.example",
    "www.evil.example",
    "**bold**",
    "ends with \\",
    "&lt;b&gt; &#124;",
    "zero\u200bwidth",
    "\ud800",
    "_x_",
    "- item",
]
ONE_SPAN = re.compile(r"`[^`|\n\r]+`")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_one_code_span(text: str) -> None:
    assert ONE_SPAN.fullmatch(escaped(text))
    assert escaped(text).isprintable()


@pytest.mark.parametrize(
    "text", ["Level 3", "not-equal", "dart-uniform", "quota_met", "12,345", "83.3%", "-"]
)
def test_words_and_numbers_stay_as_they_are(text: str) -> None:
    assert escaped(text) == text


def test_nothing_is_a_dash_and_much_is_cut() -> None:
    assert escaped("  ") == "-"
    assert escaped("x" * 1_000) == f"`{'x' * LONGEST} [... 800 more characters]`"


def test_what_is_not_seen_is_written_as_an_escape() -> None:
    assert escaped("a\u202eb`c|d\ne") == "`a\\u202eb\\x60c\\x7cd\\x0ae`"


@given(st.text())
def test_a_cell_never_breaks_its_row(text: str) -> None:
    lines = table(("a", "b"), [(escaped(text), "1")]).splitlines()
    assert len(lines) == 3
    assert lines[2].count("|") == 3
    assert lines[2].count("`") in (0, 2)
