"""Each definition of a word, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.text.words import folded_words, redpajama_tokens, redpajama_words, spaced_word_count, words
from gristmill.verifiers.metrics import metric


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't be well-known.", ["Don't", "be", "well-known"]),
        ("and/or a—b x…y", ["and", "or", "a", "b", "x", "y"]),
        ("3.14 1,000 1, 2", ["3.14", "1,000", "1", "2"]),
        ("-a- 'b' -- _c_ __", ["a", "b", "c_"]),
        ("snake_case v1.2b", ["snake_case", "v1.2b"]),
        ("naïve cafe\u0301 हिन्दी", ["naïve", "cafe\u0301", "हिन्दी"]),
        ("机器 abc中文", ["机", "器", "abc", "中", "文"]),
        ("\ud800 \0 \u202e", []),
    ],
)
def test_a_word_is_a_run_of_letters_digits_and_marks(text: str, found: list[str]) -> None:
    assert words(text) == found


FOLDED = [
    ("Don't stop -- 3rd of May, 2024!", ["don", "t", "stop", "3rd", "of", "may", "2024"]),
    ("snake_case and __x__", ["snake", "case", "and", "x"]),
    ("STRASSE, Straße", ["strasse", "strasse"]),
    ("写一首关于春天的诗 now", [*"写一首关于春天的诗", "now"]),
    ("한국어 시를 쓰세요", ["한국어", "시를", "쓰세요"]),
    ("ｆｕｌｌ ﬁne", ["full", "fine"]),
    ("zero\u200bwidth so\u00adft \u202eright\u202c", ["zerowidth", "soft", "right"]),
    ("... !?", []),
    ("\0a\ud800b", ["a", "b"]),
]


@pytest.mark.parametrize(("text", "found"), FOLDED)
def test_folded_words_are_runs_of_letters_and_digits(text: str, found: list[str]) -> None:
    assert folded_words(text) == found


@given(st.text())
def test_folding_twice_changes_nothing_that_words_are_made_of(text: str) -> None:
    assert folded_words(" ".join(folded_words(text))) == folded_words(text)


def test_spaced_words_hold_a_letter_or_a_digit() -> None:
    assert spaced_word_count("It's 3 - well-known ... words, né?") == 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't stop, well-known 1,000!", ["dont", "stop", "wellknown", "1000"]),
        ("a - b = c", ["a", "b", "c"]),
        ("na\u00efve Stra\u00dfe", ["na\u00efve", "stra\u00dfe"]),
        ("\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e.", ["हिन्दी", "भाषा"]),
        ("hi 👋🏽 there", ["hi", "there"]),
        ("a\0b \ud800 c", ["ab", "c"]),
        ("a\u00a0b\tc\nd", ["a", "b", "c", "d"]),
        ("... --- !", []),
    ],
)
def test_redpajama_words_stand_between_white_space_once_punctuation_is_out(
    text: str, found: list[str]
) -> None:
    assert redpajama_words(text) == found
    assert metric("words", text) == len(found)


def test_tokens_keep_case_and_punctuation() -> None:
    assert redpajama_tokens("The end... (a-b)") == ["The", "end", "...", "(", "a", "-", "b", ")"]


def test_lengths_are_those_of_the_pieces() -> None:
    text = "One two three. Four five."
    assert metric("characters", text) == 25
    assert metric("sentences", text) == 2
    assert metric("words-per-sentence", text) == 2.5
    assert metric("words-per-sentence", "12 13 14") == 3
