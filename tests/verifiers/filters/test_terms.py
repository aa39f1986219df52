import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.text.words import folded_words
from gristmill.verifiers.filters.terms import beginning, duplicate_key, terms_of, without_quotations

SAME = [
    ("What is it?", "what is it"),
    ("Say: 'yes' - now.", "SAY YES, NOW!"),
    ("a\n\tb  c", "A b C"),
    ("- one\n- two", "one; two"),
    ("**Bold** text", "bold text"),
    ("Say “yes” — and «no» …", "Say 'yes', and 'no'..."),
    ("x \u2212 1", "x - 1"),
    ("vitamin-C and an e-mail", "Vitamin C and an e mail"),
    ("Plan B - the end", "plan B: the end"),
    ("Tell (briefly) why.", "Tell, briefly, why"),
]
DIFFERENT = [
    ("What is 2+2?", "What is 2-2?"),
    ("What is 3 * 4?", "What is 3 4?"),
    ("Is 1.5 enough?", "Is 15 enough?"),
    ("Is -5 less?", "Is 5 less?"),
    ("x = 3", "x < 3"),
    ("$5", "5%"),
    ("f(x)=(a-b)", "f(x)=(a b)"),
    ("a - b", "a b"),
    ("Solve x=-y", "Solve x=y"),
    ("2*(3+4)", "(2*3)+4"),
    ("a*b", "a b"),
    ("C++", "C"),
    ("e^{-x}", "e^{x}"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_punctuation_and_spacing_make_no_difference_to_duplicates(one: str, other: str) -> None:
    assert duplicate_key(one) == duplicate_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_calculates_makes_a_difference(one: str, other: str) -> None:
    assert duplicate_key(one) != duplicate_key(other)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Give 5 tips, 1,000 dollars & $3.5!", ["give", "5", "tips", "1,000", "dollars", "3.5"]),
        ("Add 3*4 now", ["add", "0 3*4", "1 3*4", "2 3*4", "now"]),
        ("x = -1", ["0 x=-1", "1 x=-1", "2 x=-1", "3 x=-1"]),
        ("C++ or C", ["0 c++", "1 c++", "2 c++", "or", "c"]),
        ("a 3/4 cup", ["a", "0 3/4", "1 3/4", "2 3/4", "cup"]),
        ("and/or + else", ["and", "or", "else"]),
        ("用3+4", ["用", "0 3+4", "1 3+4", "2 3+4"]),
        ("... !", []),
    ],
)
def test_terms_are_words_and_pieces_of_formulas(text: str, terms: list[str]) -> None:
    assert terms_of(duplicate_key(text)) == terms


@given(st.text(st.sampled_from("aZ 1.,;:!?'`[]{}\n\"")))
def test_the_short_way_to_a_key_comes_to_the_same(text: str) -> None:
    assert duplicate_key(f"{text} \u2026") == duplicate_key(text)


@given(st.text(st.sampled_from("ab1 2.+-*/=<(){}^%")))
def test_terms_are_made_of_the_key_and_are_not_much_longer(text: str) -> None:
    pieces, terms = duplicate_key(text).split(), terms_of(duplicate_key(text))
    assert len(terms) <= len(pieces)
    assert {term.split()[-1] for term in terms if " " not in term} <= set(pieces)
    assert sum(map(len, terms)) <= 20 * len(text) + 20


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('Say "hello there" twice', 'Say "" twice'),
        ("Translate 'Guten Tag' now", 'Translate "" now'),
        ("It's Tom's dog", "It's Tom's dog"),
        ("“one” and «two»", '"" and ""'),
        ('an open " mark', 'an open " mark'),
    ],
)
def test_quotations_are_taken_out_and_apostrophes_are_not(text: str, left: str) -> None:
    assert without_quotations(text) == left


@given(st.text())
def test_any_text_has_a_key_of_pieces_with_single_blanks(text: str) -> None:
    assert duplicate_key(text) == " ".join(duplicate_key(text).split())


@given(st.text(max_size=400), st.integers(10, 80))
def test_a_beginning_is_one_short_line_that_can_be_stored(text: str, most: int) -> None:
    line = beginning(text, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1
    assert "\0" not in line.encode("utf-8").decode()


@pytest.mark.full
@pytest.mark.parametrize(
    "unit", ["a", "- ", "“", "'", '"', "1.", "1,1", "* ", "1+", "a-", "(*", "\u0130", "中"]
)
@pytest.mark.timeout(60)
def test_the_time_is_linear_in_the_text(unit: str) -> None:
    """What comes of it grows as it does in a short one; what is quadratic takes a quarter of an hour."""
    count = 500_000 // len(unit)
    text = unit * count
    for function in (folded_words, duplicate_key, without_quotations):
        three, four = (len(function(unit * times)) for times in (3, 4))
        assert len(function(text)) == three + (count - 3) * (four - three)
    key = duplicate_key(text)
    assert len(terms_of(key)) <= len(key.split())
    assert len(terms_of(text)) <= len(text.split())
