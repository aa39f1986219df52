"""RedPajama-V2's quality signals, against values worked out by hand."""

import math

import pytest

from gristmill.verifiers.metrics import metric

TWO_WORDS = " ".join(["aaa bbb"] * 50)
SYMBOLS = "The cat saw THE cat. {x} # ..."
LINES = "Wait...\n\nI see…\nDone."
FILLER = "Lorem ipsum, lorem ipsum."
TWICE = "one two three four five six one two three four five seven"

VALUES = [
    (TWO_WORDS, "mean-word-length", 3),
    (TWO_WORDS, "unique-words", 2 / 100),
    (TWO_WORDS, "unigram-entropy", math.log(2)),
    (TWO_WORDS, "dupe-5gram-characters", 1),
    (TWO_WORDS, "dupe-10gram-characters", 1),
    (TWO_WORDS, "top-2gram-characters", 1),
    (TWO_WORDS, "top-3gram-characters", 1),
    (TWO_WORDS, "no-alpha-words", 0),
    (SYMBOLS, "mean-word-length", 16 / 6),
    (SYMBOLS, "unique-words", 4 / 6),
    (SYMBOLS, "unigram-entropy", 2 / 3 * math.log(3) + 1 / 3 * math.log(6)),
    (SYMBOLS, "stop-word-share", 2 / 11),
    (SYMBOLS, "symbol-to-word", 2 / 11),
    (SYMBOLS, "curly-brackets", 2 / 30),
    (SYMBOLS, "all-caps-share", 1 / 11),
    (SYMBOLS, "no-alpha-words", 5 / 11),
    (SYMBOLS, "ellipsis-lines", 1),
    (SYMBOLS, "top-2gram-characters", 12 / 16),
    (SYMBOLS, "top-3gram-characters", 0),
    (SYMBOLS, "dupe-5gram-characters", 0),
    (LINES, "ellipsis-lines", 2 / 4),
    (LINES, "symbol-to-word", 2 / 7),
    (LINES, "all-caps-share", 1 / 7),
    (LINES, "stop-word-share", 2 / 7),
    (LINES, "no-alpha-words", 3 / 7),
    (LINES, "mean-word-length", 3),
    (LINES, "unique-words", 1),
    (LINES, "unigram-entropy", math.log(4)),
    (FILLER, "lorem-ipsum", 2 / 23),
    (FILLER, "top-2gram-characters", 1),
    (TWICE, "lorem-ipsum", 0),
    (TWICE, "dupe-5gram-characters", 38 / 46),
    (TWICE, "dupe-6gram-characters", 0),
    (TWICE, "top-2gram-characters", 12 / 46),
    (TWICE, "top-3gram-characters", 22 / 46),
    (TWICE, "top-4gram-characters", 30 / 46),
]


@pytest.mark.parametrize(("text", "name", "value"), VALUES)
def test_signals_have_the_values_worked_out_by_hand(text: str, name: str, value: float) -> None:
    assert metric(name, text) == pytest.approx(value, abs=1e-12)


def test_characters_of_repeated_runs_that_overlap_count_once() -> None:
    text = "a b c d e f g a b c d e f g"
    assert metric("dupe-5gram-characters", text) == 1
    assert metric("dupe-7gram-characters", text) == 1
    assert metric("dupe-8gram-characters", text) == 0


def test_a_line_feed_at_the_end_begins_no_further_line() -> None:
    assert metric("ellipsis-lines", "Wait...\n") == 1
    assert metric("ellipsis-lines", "\n\nWait...") == pytest.approx(1 / 3)
