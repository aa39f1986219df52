import pytest

from gristmill.text.sentences import simple_sentences
from gristmill.text.words import redpajama_tokens, redpajama_words
from gristmill.verifiers.metrics import metric


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
def test_words_stand_between_white_space_once_punctuation_is_out(text: str, found: list[str]) -> None:
    assert redpajama_words(text) == found
    assert metric("words", text) == len(found)


def test_tokens_keep_case_and_punctuation() -> None:
    assert redpajama_tokens("The end... (a-b)") == ["The", "end", "...", "(", "a", "-", "b", ")"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("It costs 3.50 at example.org today.", 1),
        ('He said: "Go." Then he left.', 2),
        ("Mix:\n1. Flour.\n2. Water.\n- Salt\n* Oil", 5),
        ("1. Flour. 2. Water.", 2),
        ("A title\n\nA paragraph that goes on\nin a second line", 2),
        ("你好。再见！", 2),
        ("Well... yes… no", 3),
        ("12. 13. 14.", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(simple_sentences(text)) == count
    assert metric("sentences", text) == count


def test_lengths_are_those_of_the_pieces() -> None:
    text = "One two three. Four five."
    assert metric("characters", text) == 25
    assert metric("words-per-sentence", text) == 2.5
    assert metric("words-per-sentence", "12 13 14") == 3
