"""Writes a text that satisfies given constraints: the proof that they do not contradict each other.

The text is dealt out as sentences of filler, into which go what can stand inside a sentence (keywords,
highlights, ...); what needs a place of its own (beginning, sections, bullets, postscript, ending) stands
around them. It knows the kinds and their fields, and nothing of demands.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from gristmill.text.sentences import sentences
from gristmill.text.words import word_count
from gristmill.verifiers.constraints import Constraint
from gristmill.verifiers.constraints.characters import (
    AllLowercase,
    AllUppercase,
    CapitalWordsAtLeast,
    LetterAtLeast,
)
from gristmill.verifiers.constraints.keywords import KeywordAtLeast, KeywordsIncluded
from gristmill.verifiers.constraints.layout import (
    BulletsExactly,
    HighlightsAtLeast,
    PlaceholdersAtLeast,
    Postscript,
    SectionsExactly,
    Title,
)
from gristmill.verifiers.constraints.whole_response import Choice, JsonOnly, Quoted
from tests.verifiers.constraints.filler import filler
from tests.verifiers.constraints.plan import TWO, Plan, plan_of

ENOUGH_TO_TELL_A_LANGUAGE = 30
_AFTER_A_MARK = re.compile(r"""((?:[!?…]|\.\.|\.["'])["'*_)\]]*\s+[*_"'(\[<]*)([^\W\d_])""")


def witness(constraints: Sequence[Constraint]) -> str:
    for constraint in constraints:
        if isinstance(constraint, Choice):
            return constraint.options[0]
    plan = plan_of(constraints)
    words = filler(plan.language, plan.without)
    head, tail = plan.beginning, _tail(constraints, plan, words)
    around = len(sentences(f"{head} x")) - 1 + len(sentences(tail))
    plan.sentences = max(1, plan.sentences - around)
    body = _body(plan, _pieces(constraints, plan, words), words, word_count(head) + word_count(tail))
    text = f"{head} {body}{tail}".strip()
    text = _broken(text, plan, len(head), len(tail))
    end = len(text) - len(plan.ending)
    return _whole(constraints, text[: len(head)] + _begun_anew(text, len(head), end) + text[end:])


def _begun_anew(text: str, start: int, end: int) -> str:
    """With a capital after every exclamation or question mark, where a sentence would go on otherwise."""
    return _AFTER_A_MARK.sub(lambda match: match[1] + match[2].upper(), text[:end])[start:]


def _pieces(constraints: Sequence[Constraint], plan: Plan, words: Iterator[str]) -> list[str]:
    """What may stand anywhere inside sentences, a word each."""
    found: list[str] = []
    for constraint in constraints:
        found += _words_asked_for(constraint, plan) + _marked_words(constraint, words)
    return found


def _words_asked_for(constraint: Constraint, plan: Plan) -> list[str]:
    match constraint:
        case KeywordsIncluded(keywords=keywords):
            return list(keywords)
        case KeywordAtLeast(keyword=keyword, count=count):
            return [keyword] * count
        case LetterAtLeast(letter=letter, count=count):
            other = next(each for each in "zqx" if each not in (letter, plan.without))
            return [letter + other] * count
    return []


def _marked_words(constraint: Constraint, words: Iterator[str]) -> list[str]:
    match constraint:
        case CapitalWordsAtLeast(count=count):
            return [word.upper() for word in islice(words, count)]
        case HighlightsAtLeast(count=count):
            return [f"*{word}*" for word in islice(words, count)]
        case PlaceholdersAtLeast(count=count):
            return [f"[{word}]" for word in islice(words, count)]
        case Title():
            return [f"<<{next(words)}>>"]
    return []


def _tail(constraints: Sequence[Constraint], plan: Plan, words: Iterator[str]) -> str:
    """What follows the sentences of filler: questions, sections, bullets, and the end."""
    found = "".join(f" {next(words)}?" for _ in range(plan.questions))
    for kind in (SectionsExactly, BulletsExactly, Postscript):
        for constraint in constraints:
            if isinstance(constraint, kind):
                found += _lines_of(constraint, plan, words)
    if plan.asks_last:
        found += f" {next(words)}?"
    if found.endswith("?") and plan.ending[:1].islower():
        found += " –"  # or the question would go on
    return f"{found} {plan.ending}" if plan.ending else found


def _lines_of(constraint: Constraint, plan: Plan, words: Iterator[str]) -> str:
    match constraint:
        case SectionsExactly(splitter=splitter, count=count):
            return "".join(f"\n{splitter} {number}: {next(words)}." for number in range(1, count + 1))
        case BulletsExactly(count=count):
            there = sum(1 for line in plan.beginning.split("\n") if line.startswith("- "))
            return "".join(f"\n- {word}." for word in islice(words, count - there))
        case Postscript(marker=marker):
            return f"\n{marker} {next(words)}."
    return ""


def _body(plan: Plan, pieces: list[str], words: Iterator[str], others: int) -> str:
    """Sentences of equal length, as few as will do."""
    shortest, longest = plan.sentence
    first = [plan.first[1]] if plan.first else []
    total = max(plan.words[0] - others, len(pieces) + len(first) + 1, plan.lines)
    if plan.language:
        total = max(total, min(ENOUGH_TO_TELL_A_LANGUAGE, plan.words[1] - others))
    head = word_count(plan.beginning)
    count = max(plan.sentences, len(plan.breaks) + 1, -(-(total + head) // longest))
    total = max(total, count * shortest)
    pieces = pieces + [next(words) for _ in range(total - len(pieces) - len(first))]
    if TWO in plan.breaks:  # so that the second response is not the first one over again
        pieces[len(pieces) // 2 :] = reversed(pieces[len(pieces) // 2 :])
    dealt: list[list[str]] = []
    sizes = _sizes(total, count, head, longest)
    for number, size in enumerate(sizes):
        start = first if plan.first and number == plan.first[0] else []
        take = len(pieces) if number == count - 1 else max(0, size - len(start))
        dealt.append(start + pieces[:take])
        pieces = pieces[take:]
    before = ["", *plan.breaks, *[" "] * (count - 1 - len(plan.breaks))]
    return "".join(gap + " ".join(each) + "." for gap, each in zip(before, dealt, strict=True))


def _sizes(total: int, count: int, head: int, longest: int) -> list[int]:
    """Words of filler in each sentence, even but for the first one, which has the beginning in it."""
    sizes = [total // count + (number < total % count) for number in range(count)]
    while sizes[0] + head > longest and sizes[0] > 1:
        shortest = min(range(1, count), key=sizes.__getitem__)
        sizes[0] -= 1
        sizes[shortest] += 1
    return sizes


def _broken(text: str, plan: Plan, head: int, tail: int) -> str:
    """With line breaks for spaces of the filler, until there are as many lines as are wanted."""
    missing = plan.lines - sum(1 for line in text.split("\n") if word_count(line))
    end = len(text) - tail
    parts = text[head + 1 : end].split(" ")
    for _ in range(max(0, missing)):
        if len(parts) > 1:
            parts[:2] = ["\n".join(parts[:2])]
    return text[: head + 1] + " ".join(parts) + text[end:]


def _whole(constraints: Sequence[Constraint], text: str) -> str:
    for constraint in constraints:
        match constraint:
            case AllLowercase():
                text = text.lower()
            case AllUppercase():
                text = text.upper()
            case Quoted():
                text = f'"{text}"'
            case JsonOnly():
                text = json.dumps([text], ensure_ascii=False)
    return text
