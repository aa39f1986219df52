"""Extraction of fragments from documents to make instructions for: keywords, sentences, passages.

A model is asked for the instruction that a fragment answers: a raw document is too long, and holds much that
answers nothing. A long document is cut into windows, groups of paragraphs, each of which gives fragments of
its own. Source: extract-then-generate of "David vs Goliath" (arXiv 2308.12711), whose extraction is partly a
trained model's; here it is by rule.

The text of a fragment is a slice of the document, unchanged, so that it can be checked. Offsets count the
characters of `Document.text`, markup and line ends included. Which sentences and passages of a window are
taken depends on seed and document alone. What counts as prose, and its limits: `prose`; keywords: `keywords`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gristmill.problems.keywords import key_phrases
from gristmill.problems.prose import is_plain, letter_share, paragraphs
from gristmill.text.hash_random import hash_bytes_16
from gristmill.text.sentences import Span, sentence_spans
from gristmill.text.words import spaced_word_count

MIN_DOCUMENT_WORDS = 40
"""Words of prose under which a document gives no fragment."""

WINDOW_WORDS = 100
"""Words of prose at which a window ends; what is left over of a document, if less than half, joins its last.
"""

SENTENCE_WORDS = (8, 60)
PASSAGE_WORDS = (40, 200)
PHRASES = (3, 6)
_LETTERS = 0.6
_CLOSED = frozenset(".!?…。！？\"'”’)]*_」』")


class Granularity(StrEnum):
    """The three sizes of fragments."""

    KEYWORD = "keyword"
    SENTENCE = "sentence"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Document:
    """`id` is `document_id(text)`; `name` says where it was read, for people."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """`spans` are start and end in the document's text: one for a sentence or a passage, one for each phrase
    of keywords. `text` is what they cut out, phrases joined by a comma and a blank.
    """

    document_id: str
    granularity: Granularity
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or some sentences in a row of a paragraph that is too long for a passage."""

    span: Span
    words: int


def document_id(text: str) -> str:
    """32 hexadecimal digits of SHA-256 over the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fragments(document: Document, seed: int, per_granularity: int = 1) -> Iterator[Fragment]:
    """At most `per_granularity` of each kind for each window, in the document's order.

    Nothing for a document of less than `MIN_DOCUMENT_WORDS` words of prose; no fragment of a kind where a
    window has none that is fit for it.
    """
    blocks = _blocks(document.text)
    if sum(block.words for block in blocks) < MIN_DOCUMENT_WORDS:
        return
    for window in _windows(blocks):
        found = [(Granularity.KEYWORD, each) for each in _keywords(document.text, window, per_granularity)]
        for granularity, spans in (
            (Granularity.SENTENCE, _sentences(document.text, window)),
            (Granularity.PASSAGE, _passages(document.text, window)),
        ):
            # at random by hash, in the document's order
            shuffled = sorted(spans, key=lambda span: hash_bytes_16(seed, document.id, span))
            found += [(granularity, (span,)) for span in sorted(shuffled[:per_granularity])]
        for granularity, cut in found:
            text = ", ".join(document.text[start:end] for start, end in cut)
            yield Fragment(document.id, granularity, text, cut)


def _blocks(text: str) -> list[_Block]:
    """Paragraphs that have words, those with too many for a passage in pieces."""
    blocks: list[_Block] = []
    for span in paragraphs(text):
        words = spaced_word_count(text[slice(*span)])
        if words > PASSAGE_WORDS[1]:
            blocks += _pieces(text, span)
        elif words:
            blocks.append(_Block(span, words))
    return blocks


def _pieces(text: str, paragraph: Span) -> Iterator[_Block]:
    """Sentences in a row, up to the length of a window; one that is longer is left out."""
    opened: _Block | None = None
    for span in sentence_spans(text, paragraph):
        words = spaced_word_count(text[slice(*span)])
        if words > WINDOW_WORDS:
            continue
        if opened is not None and opened.words + words > WINDOW_WORDS:
            yield opened
            opened = None
        start = span[0] if opened is None else opened.span[0]
        opened = _Block((start, span[1]), words + (opened.words if opened else 0))
    if opened is not None:
        yield opened


def _windows(blocks: Sequence[_Block]) -> list[list[_Block]]:
    windows: list[list[_Block]] = []
    window: list[_Block] = []
    words = 0
    for block in blocks:
        window.append(block)
        words += block.words
        if words >= WINDOW_WORDS:
            windows.append(window)
            window, words = [], 0
    if windows and words < WINDOW_WORDS / 2:
        windows[-1] += window
    elif window:
        windows.append(window)
    return windows


def _keywords(text: str, window: Sequence[_Block], count: int) -> Iterator[tuple[Span, ...]]:
    """The best phrases for the first, the next best for the second, and so on."""
    least, most = PHRASES
    spans = [span for block in window for span in _readable(text, block.span)]
    ranked = key_phrases(text, spans, most * count)
    for first in range(0, len(ranked), most):
        if len(ranked[first : first + most]) >= least:
            yield tuple(ranked[first : first + most])


def _readable(text: str, block: Span) -> Iterator[Span]:
    """Sentences without markup: no phrase comes out of an address."""
    if is_plain(text[slice(*block)]):
        yield block
        return
    yield from (span for span in sentence_spans(text, block) if is_plain(text[slice(*span)]))


def _sentences(text: str, window: Sequence[_Block]) -> list[Span]:
    spans = (span for block in window for span in sentence_spans(text, block.span))
    return [span for span in spans if _is_fit(text[slice(*span)], SENTENCE_WORDS)]


def _passages(text: str, window: Sequence[_Block]) -> list[Span]:
    """Whole paragraphs, one or some that follow each other with nothing but white space between."""
    spans: list[Span] = []
    run: list[_Block] = []
    for block in window:
        joined = run and text[run[-1].span[1] : block.span[0]].isspace()
        if not joined or sum(each.words for each in run) >= PASSAGE_WORDS[0]:
            run = []
        run.append(block)
        span = run[0].span[0], block.span[1]
        if _is_fit(text[slice(*span)], PASSAGE_WORDS):
            spans.append(span)
    return spans


def _is_fit(piece: str, words: tuple[int, int]) -> bool:
    """Whether it reads as a text of its own: long enough, of letters, from a capital to a full stop."""
    if not words[0] <= spaced_word_count(piece) <= words[1] or piece[-1] not in _CLOSED:
        return False
    first = next((character for character in piece if character.isalpha()), "a")
    return not first.islower() and letter_share(piece) >= _LETTERS and is_plain(piece)
