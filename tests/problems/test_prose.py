import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.problems.prose import is_plain, letter_share, paragraphs
from gristmill.text.sentences import sentence_spans

any_text = st.text(st.characters(exclude_categories=()))
MARKS = ["A b.", "# h", "- i", "```", "~~~", "<p>", "<!--", "-->", "---", "===", " ", "", "> q", "\r"]
markdown = st.lists(st.sampled_from([*MARKS, "| t | u |"])).map("\n".join)


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("One line\nand another.\n\nA second.", ["One line\nand another.", "A second."]),
        ("One.\r\nTwo.\r\n\r\nThree.\r\n", ["One.\r\nTwo.", "Three."]),
        ("# Heading\nText.\n## More\n\nText.", ["Text.", "Text."]),
        ("Heading\n=======\n\nText.", ["Text."]),
        ("Heading\n-------\nText.", ["Text."]),
        ("Before.\n\n```python\nprint('No.')\n\nNo.\n```\n\nAfter.", ["Before.", "After."]),
        ("~~~\nNo.\n```\nNo.\n~~~\nAfter.", ["After."]),
        ("Use ```it``` so.", ["Use ```it``` so."]),
        ("```one line``` of it.", ["```one line``` of it."]),
        ("Before.\n\n```\nNever closed.", ["Before."]),
        ("Before.\n\n    code = 1\n    more\n\nAfter.", ["Before.", "After."]),
        ("A long line\n    indented in mid-paragraph.", ["A long line\n    indented in mid-paragraph."]),
        ("| a | b |\n|---|---|\n| No. | No. |\n\nText.", ["Text."]),
        ("a | b\n--- | ---\nNo. | No.\n\nText.", ["Text."]),
        ("Text.\n| a | b |", ["Text."]),
        ("<div>\nNo.\n</div>\n\nText.", ["Text."]),
        ("<!-- No.\n\nNo. -->\nText.", ["Text."]),
        ("> A quote.\n\nText.", ["Text."]),
        ("[1]: https://example.org No.\n\nText.", ["Text."]),
        ("- First item\n  goes on.\n- Second.\n3. Third.", ["First item\n  goes on.", "Second.", "Third."]),
        ("- [ ] To do.", ["To do."]),
        ("---\ntitle: No.\n---\nText.", ["Text."]),
        (".. code:: python\n   No.\n\nText.", ["Text."]),
        ("$$\nx = 1.\n$$\nText.", ["Text."]),
        ("\n \n\t\n", []),
        ("", []),
    ],
)
def test_prose_is_told_from_markup(text: str, prose: list[str]) -> None:
    assert found(text) == prose


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It is `code`, *bold* (yes) [sic]; a < b & c.", True),
        ("Line\r\nline\tline", True),
        ("A [link](target) here.", False),
        ("A [link][ref] here.", False),
        ("See https://example.org", False),
        ("A <br/> tag", False),
        ("Five &lt; six", False),
        ("A \x00 in it", False),
        ("A \x1b[31m in it", False),
        ("A \u202e in it", False),
        ("A \ud800 in it", False),
    ],
)
def test_markup_and_unreadable_characters_are_seen(text: str, plain: bool) -> None:
    assert is_plain(text) is plain


def test_the_share_of_letters_leaves_white_space_out() -> None:
    assert letter_share("ab 12") == 0.5
    assert letter_share(" ") == 0


@given(any_text | markdown)
def test_paragraphs_and_their_sentences_lie_apart_and_in_order(text: str) -> None:
    last = 0
    for start, end in paragraphs(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        at = start
        for first, stop in sentence_spans(text, (start, end)):
            assert at <= first < stop <= end
            at = stop
        last = end


@given(markdown)
def test_fences_and_headings_never_stand_in_prose(text: str) -> None:
    assert not any(mark in prose for prose in found(text) for mark in ("```", "~~~", "# h", "| t |", "> q"))
