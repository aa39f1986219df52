r"""Answers in what is announced: the value that follows, or the one value of the sentence.

"The answer is approximately 18 dollars" gives the value with what follows it, since units count; a clause
("because ...") and what is denied (", not 43") are left out. "Answer: She makes $18 every day" has one value,
which is the answer. A sentence with several values, or with words that change the meaning of its value ("less
than 18", "half of 18"), is ambiguous; so is one of another language that does not begin with its value. Words
alone ("The answer is White.") are an answer, too.

What begins with its value states it. Another sentence after "is" may say something of the answer ("is rounded
to 2 places") and only mentions its value. A label ("Answer:") heads all that follows up to the next heading,
and all of that must hold one value.
"""

import re
from dataclasses import replace
from unicodedata import category

from gristmill.verifiers.math.announcements import Announcement
from gristmill.verifiers.math.boxes import is_placeholder
from gristmill.verifiers.math.found import Found, Statement, Strength, trimmed
from gristmill.verifiers.math.sentence_words import (
    CHANGING,
    CHOICE,
    CLAUSE,
    CLAUSE_ELSEWHERE,
    DENIAL,
    DESCRIBING,
    JUDGING,
    LEAD_IN,
    LINK,
    NAMED,
    PREPOSITION,
    REMARK,
    SUBJECT,
    TRUTH,
    VERB,
    VERB_WITHIN,
)
from gristmill.verifiers.math.values import FUNCTIONS, Token, Value, tokens, values

_WINDOW = 2000
_LONGEST_REST = 45
_FEW_WORDS = 3
_MOST_LEAD_INS = 5
_MARKDOWN = "*_`,;:：，、"

_LINE = re.compile(r"\s*(?:[-•*>][ \t]+)?(?P<value>[^\n]+)(?:\n|$)")
_ENUMERATED = re.compile(r"\d{1,2}[.)]\s+(?=\S)")
_SECTION_END = re.compile(r"\n\s{0,9}(?:#{1,6}\s|\*\*[^*\n]{1,80}\*\*:?\s{0,9}\n|-{3,})")


def announced(text: str, announcement: Announcement, end: int) -> Statement | None:
    """The statement that an announcement makes, with what stands before `end`; None where it makes none."""
    start = _after_lead_in(text, announcement.start, end)
    end = min(end, start + _WINDOW)
    if section_end := _SECTION_END.search(text, start, end):
        end = section_end.start()
    enumerated = _ENUMERATED.match(text, start, end) if announcement.label else None
    section = list(tokens(text, enumerated.end() if enumerated else start, end))
    sentence = _first_sentence(section)
    if not sentence:
        return None
    found = [*_leading_name(sentence), *values(sentence, text)]
    if found and not enumerated and _leads(text[start : found[0].start]):
        answer, strength = _leading(text, start, found, sentence, announcement)
    else:
        words = _in_words(text, start, sentence, announcement.label)
        scope = section if announcement.label and (found or words[1] is Strength.WORDS) else sentence
        if found := values(scope, text):
            answer = _in_prose(text, start, found, sentence, scope, announcement.english)
            strength = Strength.STATES if announcement.label else Strength.MENTIONS
        else:
            answer, strength = words
    if answer is not None and is_placeholder(answer.answer):
        return Statement(announcement.position, None) if announcement.label else None
    if announcement.loose:
        strength = min(strength, Strength.MENTIONS)
    return None if answer is None else Statement(announcement.position, answer, strength)


def _leading_name(sentence: list[Token]) -> list[Value]:
    """A formula that is a name, the letter of a choice, and "yes" are values where they stand for the whole
    sentence: "$n$" and "C, because ...", not "$n$ is 34" and "A total of 18".
    """
    first, *rest = sentence
    following = rest[0].text.lower() if rest else ""
    if first.kind == "formula":
        alone = not VERB.fullmatch(following) and not values([first], "")
    else:
        comma = following == "," and len(rest) > 1 and rest[1].kind == "word"
        name = first.text.isupper() if first.kind == "letter" else TRUTH.fullmatch(first.text.lower())
        alone = bool(name) and (comma or _ends(following, True))
    return [Value(first.start, first.end, (first,))] if alone else []


def _after_lead_in(text: str, start: int, end: int) -> int:
    for _ in range(_MOST_LEAD_INS):
        match = LEAD_IN.match(text, start, end)
        if match is None:
            break
        start = match.end()
    return start


def _first_sentence(section: list[Token]) -> list[Token]:
    sentence: list[Token] = []
    for token in section:
        if token.kind == "end" and sentence:
            break
        if token.kind != "end":
            sentence.append(token)
    return sentence


def _leads(before: str) -> bool:
    """Whether a value with this before it begins the sentence: nothing but layout, or a choice ("C) 12")."""
    return not before.strip(" \t\n([$" + _MARKDOWN) or CHOICE.fullmatch(before) is not None


def _leading(
    text: str, start: int, found: list[Value], sentence: list[Token], announcement: Announcement
) -> tuple[Found | None, Strength]:
    first = found[0]
    cut = _cut(text, first.end, sentence, announcement.english)
    given = [value for value in found if value.start < cut]
    rest = text[first.end : cut]
    about = announcement.english and JUDGING.search(rest)
    strength = Strength.MENTIONS if about and not announcement.label else Strength.STATES
    if announcement.label and (more := _lines(text, start)):
        return more, strength
    if first.tokens[0].in_display and len(first.tokens) == 1 and len(given) == 1:
        inside = first.start + first.tokens[0].text.index(first.tokens[0].inside)
        return trimmed(text, inside, inside + len(first.tokens[0].inside)), strength
    answer = _answer(text, start, first, cut, ambiguous=len(given) > 1)
    return answer and replace(answer, parts=_parts(text, given)), strength


def _lines(text: str, start: int) -> Found | None:
    """The values of several lines that hold nothing else."""
    found: list[Found] = []
    for line in _LINE.finditer(text, start, min(len(text), start + _WINDOW)):
        alone = values(list(tokens(text, line.start("value"), line.end("value"))), text)
        whole = trimmed(text, line.start("value"), line.end("value"), _MARKDOWN + ".")
        if whole is None or len(alone) != 1 or (alone[0].start, alone[0].end) != (whole.start, whole.end):
            break
        found.append(whole)
    if len(found) < 2:
        return None
    parts = tuple(each.answer for each in found)
    return Found(", ".join(parts), found[0].start, found[-1].end, ambiguous=True, parts=parts)


def _in_prose(
    text: str, start: int, found: list[Value], sentence: list[Token], scope: list[Token], english: bool
) -> Found | None:
    subjects = [value for value in found if SUBJECT.match(text, value.end)]
    found = [value for value in found if value not in subjects] or found
    first = found[0]
    if len({_key(value, text) for value in found}) > 1:
        return _answer(text, start, None, scope[-1].end, ambiguous=True)
    whole = _answer(text, start, None, _cut(text, sentence[0].end, sentence, english), ambiguous=False)
    cut = _cut(
        text, first.end, _first_sentence([token for token in scope if token.start >= first.start]), english
    )
    before = text[start : first.start]
    governing = before[[0, *(match.end() for match in VERB_WITHIN.finditer(before))][-1] :]
    plain = english and not DESCRIBING.match(before) and before.replace("’", "'").isascii()
    if not plain or CHANGING.search(governing + " " + text[first.end : cut]):
        return _answer(text, start, None, cut, ambiguous=True)
    answer = _answer(text, first.start, first, cut, ambiguous=first.in_words)
    return answer and replace(answer, sentence=whole.answer if whole else "")


def _in_words(text: str, start: int, sentence: list[Token], label: bool) -> tuple[Found | None, Strength]:
    """A few words after a label, or a name ("White", "No"), state an answer; more, or others, describe it."""
    answer = _answer(text, start, None, _cut(text, sentence[0].end, sentence, True), ambiguous=False)
    if answer is None:
        return None, Strength.WORDS
    few = len(answer.answer.split()) <= _FEW_WORDS and not DESCRIBING.match(answer.answer)
    formula = all(token.kind != "word" or token.text in FUNCTIONS for token in sentence)
    states = formula or (few and (label or NAMED.match(answer.answer) is not None))
    return answer, Strength.STATES if states else Strength.WORDS


def _cut(text: str, after: int, sentence: list[Token], english: bool) -> int:
    """Where the sentence ends, or a clause or a denial in it begins."""
    cut = sentence[-1].end
    for token in sentence:
        begins = token.kind == "word" and _ends(token.text.lower(), english)
        begins = begins or (token.kind == "other" and category(token.text) == "So")
        if token.start >= after and begins:
            cut = token.start
            break
    if remark := REMARK.search(text, after, cut):
        cut = remark.start()
    link = LINK.search(text, max(after, cut - 20), cut)
    return link.start() if link and cut < sentence[-1].end else cut


def _ends(word: str, english: bool) -> bool:
    """Whether a word begins what does not belong to the value before it."""
    clause = CLAUSE.fullmatch(word) or (not english and CLAUSE_ELSEWHERE.fullmatch(word))
    return bool(clause or DENIAL.fullmatch(word))


def _answer(text: str, start: int, value: Value | None, cut: int, ambiguous: bool) -> Found | None:
    """What stands up to the cut. Of a long rest after a value, the first word may be its unit."""
    if value and not ambiguous and cut - value.end > _LONGEST_REST:
        unit = re.match(r" ?([^\W\d_]+)", text[value.end : cut])
        cut = value.end if unit is None or PREPOSITION.fullmatch(unit[1]) else value.end + unit.end()
    found = trimmed(text, start, cut, _MARKDOWN)
    return found and replace(found, ambiguous=ambiguous)


def _parts(text: str, found: list[Value]) -> tuple[str, ...]:
    spans = [span for value in found for span in value.spans]
    return tuple(text[start:end] for start, end in spans) if len(spans) > 1 else ()


def _key(value: Value, text: str) -> str:
    return re.sub(r"[\s$*_\\]", "", text[value.start : value.end]).strip("(){}[]")
