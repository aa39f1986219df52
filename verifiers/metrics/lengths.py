"""Lengths of a text: characters, `redpajama_words`, `simple_sentences`."""

from gristmill.text.sentences import simple_sentences
from gristmill.text.words import redpajama_words


def characters(text: str) -> float:
    """Unicode code points, white space and all."""
    return float(len(text))


def word_count(text: str) -> float:
    return float(len(redpajama_words(text)))


def sentence_count(text: str) -> float:
    return float(len(simple_sentences(text)))


def words_per_sentence(text: str) -> float:
    """The mean; 0.0 for a text without words. Words without a letter (a column of numbers) are one
    sentence.
    """
    return len(redpajama_words(text)) / max(1, len(simple_sentences(text)))
