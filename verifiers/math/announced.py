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

from gristmill.verifiers.math.announcements import Announcement
from gristmill.verifiers.math.boxes import is_placeholder
from gristmill.verifiers.math.found import Found, Statement, Strength, trimmed
from gristmill.verifiers.math.values import COPULA, FUNCTIONS, Token, Value, tokens, values

_WINDOW = 2000
_LONGEST_REST = 45
_FEW_WORDS = 3
_MOST_LEAD_INS = 5
_MARKDOWN = "*_`,;:：，、"

_LEAD_IN = re.compile(
    r"(?:(?:approximately|approx\.?|about|around|roughly|exactly|precisely|simply|just|therefore|thus|hence"
    r"|then|indeed|clearly|obviously|now|still|actually|really|probably|likely|equal\s+to|equals?|be|given\s+by"
    r"|as\s+follows|(?:the\s+)?(?:option|choice)(?=\s+\(?[A-J](?![^\W_]))|the\s+(?:number|value|integer|fraction|expression|point|set|interval|pair)|an?"
    r"|environ|donc|aproximadamente|cerca\s+de|etwa|ungefähr|also|circa|ongeveer|około|примерно|около"
    r"|приблизительно|sekitar|khoảng|약)(?![^\W\d_])|[约約]為?|大[约約]|およそ|[≈~*_\"“`])\s*[:,，、]?\s*",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"(?:(?:option|choice)\s+)?\(?[A-J]\s*[).:,]*\s*", re.IGNORECASE)

_CLAUSE = re.compile(r"i\.e\.?|e\.g\.?|because|since|as|which|so|where|when|if|that|after|while|whereas")
_CLAUSE_ELSEWHERE = re.compile(
    "porque|pois|car|parce|puisque|weil|denn|da|perché|poiché|omdat|want|ponieważ|bo|потому|так|поскольку"
    "|karena|sebab"
)
_TRUTH = re.compile("yes|no|true|false|none")
_DENIAL = re.compile("not|rather|instead")
_REMARK = re.compile(
    r"[\s,(]*\b(?:rounded|(?:(?:correct|accurate)[ ])?to[ ](?:the[ ]nearest|\w{1,9}[ ](?:decimal|signific))"
    r"|and[ ](?:so|we|it|this|that|I|he|she|they)\b)"
    r"|\s\((?:from|see|as|since|because|using|by|after|not|which)\b"
    r"|です|である|でした|だ(?=[。\s]|$)|とな|になり|なので|ので|から|입니다|이다|이에요|예요|이므로|है|因为|因為|所以",
    re.IGNORECASE,
)
"""How a value was rounded or found; the verb or the conjunction that stands behind it in some languages."""

_LINK = re.compile(r"[\s,，(]*(?:\b(?:and|but)\b[\s,(]*)?$", re.IGNORECASE)

_COPULA = re.compile(rf"\b(?:{COPULA.pattern})(?!\w)", re.IGNORECASE)
_CHANGING = re.compile(
    r"\b(?:not|\w{1,9}n['’]t|never|no|none|neither|nor|cannot|without|fail\w*|impossible|unless|except|than|least"
    r"|most|under|over|above|below|between|up\s+to|within|half|thirds?|quarters?|twice|doubl\w+|tripl\w+|times"
    r"|squar\w+|cub\w+|roots?|power|multipl\w+|factor\w*|divisors?|divi\w+|percent|reciprocal|inverse|negative"
    r"|minus|plus|log\w*|mod\w*|base|out\s+of|(?:only\s+|exactly\s+)?one(?=\s+of)|only\s+one|digits?|decimals?"
    r"|places?|round\w+|nearest|first|if|when|assum\w*|suppos\w*|almost|nearly|close\s+to|instead|rather|same"
    r"|other|wrong|incorrect|mistake\w*|previous\w*|initial\w*|original\w*|before|after|yes|true|false|possib\w+"
    r"|might|could|may|more|less|fewer|greater|smaller)\b",
    re.IGNORECASE,
)
"""Words beside a value that may make it another one, or none that is meant."""

_PREPOSITION = re.compile("in|at|on|for|by|to|from|with|of|per|and|or", re.IGNORECASE)
_NAMED = re.compile(rf"(?i:{_TRUTH.pattern}|undefined|infinit\w+|impossible)\b|[A-Z]|\\text\s?\{{")
_DESCRIBING = re.compile(
    r"\W*(?:(?:in)?correct|right|wrong|valid|consistent|above|below|reasonable|verified|confirmed|boxed|given|shown"
    r"|see|as|found|in|not)\b",
    re.IGNORECASE,
)
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
        answer, strength = _leading(text, start, found, sentence, announcement.english), Strength.STATES
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
    return None if answer is None else Statement(announcement.position, answer, strength)


def _leading_name(sentence: list[Token]) -> list[Value]:
    """A formula that is a name, the letter of a choice, and "yes" are values where they stand for the whole
    sentence: "$n$" and "C, because ...", not "$n$ is 34" and "A total of 18".
    """
    first, *rest = sentence
    following = rest[0].text.lower() if rest else ""
    if first.kind == "formula":
        alone = not COPULA.fullmatch(following) and not values([first], "")
    else:
        comma = following == "," and len(rest) > 1 and rest[1].kind == "word"
        name = first.text.isupper() if first.kind == "letter" else _TRUTH.fullmatch(first.text.lower())
        alone = bool(name) and (comma or _ends(following, True))
    return [Value(first.start, first.end, (first,))] if alone else []


def _after_lead_in(text: str, start: int, end: int) -> int:
    for _ in range(_MOST_LEAD_INS):
        match = _LEAD_IN.match(text, start, end)
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
    return not before.strip(" \t\n([$" + _MARKDOWN) or _CHOICE.fullmatch(before) is not None


def _leading(text: str, start: int, found: list[Value], sentence: list[Token], english: bool) -> Found | None:
    first = found[0]
    cut = _cut(text, first.end, sentence, english)
    given = [value for value in found if value.start < cut]
    if first.tokens[0].in_display and len(first.tokens) == 1 and len(given) == 1:
        inside = first.start + first.tokens[0].text.index(first.tokens[0].inside)
        return trimmed(text, inside, inside + len(first.tokens[0].inside))
    answer = _answer(text, start, first, cut, ambiguous=len(given) > 1)
    return answer and replace(answer, parts=_parts(text, given))


def _in_prose(
    text: str, start: int, found: list[Value], sentence: list[Token], scope: list[Token], english: bool
) -> Found | None:
    first = found[0]
    if len({_key(value, text) for value in found}) > 1:
        return _answer(text, start, None, sentence[-1].end, ambiguous=True)
    whole = _answer(text, start, None, _cut(text, sentence[0].end, sentence, english), ambiguous=False)
    cut = _cut(
        text, first.end, _first_sentence([token for token in scope if token.start >= first.start]), english
    )
    before = text[start : first.start]
    governing = before[[0, *(match.end() for match in _COPULA.finditer(before))][-1] :]
    plain = english and before.replace("’", "'").isascii()
    if not plain or _CHANGING.search(governing + " " + text[first.end : cut]):
        return _answer(text, start, None, cut, ambiguous=True)
    answer = _answer(text, first.start, first, cut, ambiguous=first.in_words)
    return answer and replace(answer, sentence=whole.answer if whole else "")


def _in_words(text: str, start: int, sentence: list[Token], label: bool) -> tuple[Found | None, Strength]:
    """A few words after a label, or a name ("White", "No"), state an answer; more, or others, describe it."""
    answer = _answer(text, start, None, _cut(text, sentence[0].end, sentence, True), ambiguous=False)
    if answer is None:
        return None, Strength.WORDS
    few = len(answer.answer.split()) <= _FEW_WORDS and not _DESCRIBING.match(answer.answer)
    formula = all(token.kind != "word" or token.text in FUNCTIONS for token in sentence)
    states = formula or (few and (label or _NAMED.match(answer.answer) is not None))
    return answer, Strength.STATES if states else Strength.WORDS


def _cut(text: str, after: int, sentence: list[Token], english: bool) -> int:
    """Where the sentence ends, or a clause or a denial in it begins."""
    cut = sentence[-1].end
    for token in sentence:
        begins = token.kind == "word" and _ends(token.text.lower(), english)
        if token.start >= after and begins:
            cut = token.start
            break
    if remark := _REMARK.search(text, after, cut):
        cut = remark.start()
    link = _LINK.search(text, max(after, cut - 20), cut)
    return link.start() if link and cut < sentence[-1].end else cut


def _ends(word: str, english: bool) -> bool:
    """Whether a word begins what does not belong to the value before it."""
    clause = _CLAUSE.fullmatch(word) or (not english and _CLAUSE_ELSEWHERE.fullmatch(word))
    return bool(clause or _DENIAL.fullmatch(word))


def _answer(text: str, start: int, value: Value | None, cut: int, ambiguous: bool) -> Found | None:
    """What stands up to the cut. Of a long rest after a value, the first word may be its unit."""
    if value and not ambiguous and cut - value.end > _LONGEST_REST:
        unit = re.match(r" ?([^\W\d_]+)", text[value.end : cut])
        cut = value.end if unit is None or _PREPOSITION.fullmatch(unit[1]) else value.end + unit.end()
    found = trimmed(text, start, cut, _MARKDOWN)
    return found and replace(found, ambiguous=ambiguous)


def _parts(text: str, found: list[Value]) -> tuple[str, ...]:
    spans = [span for value in found for span in value.spans]
    return tuple(text[start:end] for start, end in spans) if len(spans) > 1 else ()


def _key(value: Value, text: str) -> str:
    return re.sub(r"[\s$*_\\]", "", text[value.start : value.end]).strip("(){}[]")
