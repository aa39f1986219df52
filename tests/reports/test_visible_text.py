"""Text from outside in a page: nothing acts, nothing is lost, and long texts are cut around their span."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gristmill.reports.visible_text import PieceKind, Span, pieces, printable, short, shown
from tests.reports.html.reading import read_page

ANY_TEXT = st.text(st.characters(codec=None, categories=None))
SPANS = st.one_of(st.none(), st.tuples(st.integers(-5, 3_000), st.integers(-5, 3_000)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("<script>'\"&", "&lt;script&gt;&#39;&#34;&amp;"),
        ("two\nlines\tand", "two\nlines\tand"),
        ("\x00", '<span class="x">\\x00</span>'),
        ("a\u202eb\u2066", 'a<span class="x">\\u202e</span>b<span class="x">\\u2066</span>'),
        ("\ud800\udfff", '<span class="x">\\ud800\\udfff</span>'),
        ("\U00100e5c", '<span class="x">\\U00100e5c</span>'),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("שלום", "שלום"),
        ("\\x00", "\\x00"),
        ("\r\x7f\x85", '<span class="x">\\x0d\\x7f\\x85</span>'),
        (7, "7"),
    ],
)
def test_what_is_not_seen_is_written_in_a_box(text: object, html: str) -> None:
    assert shown(text) == html
    assert shown(shown(text)) == html


@given(ANY_TEXT)
def test_any_text_is_shown_whole_and_does_nothing(text: str) -> None:
    page = read_page(f"<pre>{shown(text)}</pre>")
    assert page.preformatted == [visible_but_for_lines(text)]
    assert "".join(page.boxed) == "".join(printable(c) for c in text if printable(c) != c and c not in "\n\t")


def visible_but_for_lines(text: str) -> str:
    return "".join(c if c in "\n\t" else printable(c) for c in text)


@given(ANY_TEXT)
def test_visible_text_has_nothing_unseen_left(text: str) -> None:
    told = printable(text)
    assert all(c.isprintable() or unicodedata.category(c) == "Zs" for c in told)
    told.encode()


@given(st.integers(0, 2_500), SPANS, st.sampled_from([40, 400, 5_000]))
@example(100, (500, 600), 40)
@example(100, (50, 600), 40)
def test_pieces_are_the_text_in_order_with_gaps_that_add_up(
    length: int, span: Span | None, characters: int
) -> None:
    text = "".join(chr(97 + at * at % 26) for at in range(length))
    at, (start, end) = 0, (min(max(0, place), length) for place in span or (0, 0))
    for piece in pieces(text, span, characters):
        if piece.kind is PieceKind.GAP:
            at += int(piece.text.split()[0].replace(",", ""))
            continue
        assert text[at : at + len(piece.text)] == piece.text
        inside = start <= at and at + len(piece.text) <= end
        assert (piece.kind is PieceKind.MARK) == inside or not piece.text
        at += len(piece.text)
    assert at == len(text)


@pytest.mark.parametrize(
    "span", [None, (0, 10), (2_000_000, 2_000_004), (5, 9_999_999), (9_999_999, 10_000_000)]
)
def test_of_a_long_text_its_ends_and_the_span_are_kept(span: Span | None) -> None:
    text = "a" * 10_000_000
    found = pieces(text, span, 3_000)
    kept = sum(len(piece.text) for piece in found if piece.kind is not PieceKind.GAP)
    assert 3_000 <= kept <= 3_700
    assert any(piece.kind is PieceKind.MARK for piece in found) == (span is not None)


def test_a_span_that_is_not_in_the_text_marks_nothing_else() -> None:
    assert [piece.kind for piece in pieces("abc", (7, 9), 10)] == [PieceKind.TEXT]
    assert [piece.kind for piece in pieces("abc", (2, 1), 10)] == [PieceKind.TEXT]
    assert pieces("", (0, 4), 10) == []


def test_short_says_how_much_is_left_out() -> None:
    assert short("abc", 3) == "abc"
    assert short("a" * 5_003, 3) == "aaa [... 5,000 more characters]"


@pytest.mark.parametrize("blank", ["\U000e0100", "\ufe01", "\u034f", "\u3164", "\u115f", "\u2800"])
def test_letters_and_marks_that_draw_nothing_are_written_as_escapes(blank: str) -> None:
    assert blank not in shown(f"a{blank}b")
    assert "\\" in shown(f"a{blank}b")
