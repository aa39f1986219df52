"""Text metrics: lengths, readability, lexical diversity, repetition, quality signals, toxicity.

A metric is a function from a text to a finite float. It answers for any text, in time linear in it: 0.0 for
the empty one. Metrics are recorded and compared; only a recipe's bounds make one decide. To add one: a
function in the module of its family, a line here, a test. Names and meanings are stored: a name once used is
not given another meaning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import diversity, lengths, readability, repetition, signals
from gristmill.verifiers.metrics.toxicity import check_installed, toxicity


@dataclass(frozen=True, slots=True)
class Metric:
    """`what` is one line for people: what is measured, in which unit."""

    name: str
    of: Callable[[str], float]
    what: str


_ALL = (
    Metric("characters", lengths.characters, "Unicode characters, white space and all"),
    Metric("words", lengths.word_count, "words between white space, punctuation left out"),
    Metric("sentences", lengths.sentence_count, "sentences, list items and headings"),
    Metric("words-per-sentence", lengths.words_per_sentence, "mean length of a sentence in words"),
    Metric("gunning-fog", readability.gunning_fog, "years of school that a reader needs (English)"),
    Metric("rix", readability.rix, "words of more than six letters per sentence"),
    Metric("mtld", diversity.mtld, "lexical diversity: mean words until 28 % are repeats"),
    Metric("mean-word-length", signals.mean_word_length, "characters per word"),
    Metric("unique-words", signals.unique_words, "share of different words"),
    Metric("unigram-entropy", signals.unigram_entropy, "entropy of the words, in nats"),
    Metric("stop-word-share", signals.stop_word_share, "share of tokens that are stop words (English)"),
    Metric("symbol-to-word", signals.symbol_to_word, "hash signs and ellipses per token"),
    Metric("curly-brackets", signals.curly_brackets, "share of characters that are curly brackets"),
    Metric("all-caps-share", signals.all_caps_share, "share of tokens in capitals"),
    Metric("ellipsis-lines", signals.ellipsis_lines, "share of lines that end in an ellipsis"),
    Metric("no-alpha-words", signals.no_alpha_words, "share of tokens without a letter from A to Z"),
    Metric("lorem-ipsum", signals.lorem_ipsum, "occurrences of lorem ipsum per character"),
    *(
        Metric(
            f"dupe-{size}gram-characters",
            partial(repetition.duplicated, size),
            f"share of characters in runs of {size} words that are repeated",
        )
        for size in range(5, 11)
    ),
    *(
        Metric(
            f"top-{size}gram-characters",
            partial(repetition.most_frequent, size),
            f"share of characters in the most frequent run of {size} words",
        )
        for size in range(2, 5)
    ),
    Metric("toxicity", toxicity, "probability that the text is toxic (English; an optional package)"),
)

METRICS: dict[str, Metric] = {each.name: each for each in _ALL}


def metric(name: str, text: str) -> float:
    """ConfigError, with the known names, for another name."""
    return known(name).of(text)


def known(name: str) -> Metric:
    """ConfigError, with the known names, for another name."""
    try:
        return METRICS[name]
    except KeyError as exc:
        raise ConfigError(f"metric {name!r} is not known; known are {', '.join(METRICS)}") from exc


def check_metric(name: str) -> None:
    """ConfigError where the name is not known, or a package that the metric needs is missing."""
    if known(name).of is toxicity:
        check_installed()


__all__ = ["METRICS", "Metric", "check_metric", "known", "metric"]
