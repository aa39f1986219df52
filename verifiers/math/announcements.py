"""Announcements of an answer: "the answer is", "Answer:", "#### Final Answer", in the languages of the web.

A row of `_LANGUAGES` has the nouns of a language and the verbs that lead from the noun to its value. English
has guards beside: "check that the answer is", "answer choices:" announce nothing.

A language is searched only where one of its nouns stands in the text; every search is linear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_LANGUAGES: dict[str, tuple[str, str]] = {
    "answer|option|choice|ans:|ans =": (
        r"\b(?:answers?"
        r"|ans(?=\s?[:=])|(?:correct|right|best)\s+(?:option|choice))\b(?!>)",
        r"is|are|equals?|comes\s+(?:out\s+)?to|works\s+out\s+to(?:\s+be)?"
        r"|(?:should|must|will|would|has\s+to|turns\s+out\s+to|to)\s+be",
    ),
    "respuesta": (r"\brespuestas?\b", "es|son|sería|será"),
    "réponse|reponse": (r"\br[ée]ponses?\b", "est|sont|serait|vaut"),
    "antwort": (r"\bAntwort(?:en)?\b", "ist|sind|lautet|lauten|beträgt|wäre"),
    "resposta": (r"\brespostas?\b", "é|são|será|seria"),
    "rispost": (r"\brispost[ae]\b", "è|sono|sarebbe|sarà"),
    "antwoord": (r"\bantwoord(?:en)?\b", "is|zijn|luidt"),
    "odpowied": (r"\bodpowied(?:ź|zią|zi)\b", "to|brzmi|jest|wynosi|są"),
    "ответ": (r"\bответ(?:ом)?\b", "равен|равно|является|будет|составляет|это"),
    "jawab|jawap": (r"\bjawa(?:ban|pan)(?:nya)?\b", "adalah|ialah|yaitu"),
    "cevap|cevab": (r"\bceva(?:p|bı)\b", "şudur"),
    "đáp|câu trả lời": (r"\b(?:đáp án|đáp số|câu trả lời)\b", "là|bằng"),
    "उत्तर": ("उत्तर", r"है(?=\s*[:\d$\\])|(?=\d)"),
    "إجابة|اجابة|جواب": (r"(?:ال)?(?:إجابة|اجابة|جواب)(?![^\W\d_])", "هي|هو"),
    "答": (
        r"(?:答案|答え|解答|正解|回答|答(?=\s?[:：]))",
        "】|应该是|應該是|就是|等于|等於|应为|應為|是|为|為|は",
    ),
    "답": ("(?:정답|답)", "은|는"),
}
"""Beside a colon or an equals sign, which lead to a value in all of them."""

_CLOSELY_WRITTEN = frozenset({"उत्तर", "答", "답"})
"""Without blanks between the words, or with the verb behind the value."""

_MARKED = r"(?:\#{1,6}[ \t]*|\*{1,3}|_{1,3}){1,2}"
_WORDS = r"(?:[^\W\d_]{1,20}[ ]){0,2}"
_MORE_WORDS = r"(?:[ ][^\W\d_]{1,20}){0,2}"
_LED_IN = r"(?:[\s*_:：、，]|</?(?:b|i|u|strong|em|mark|p|br|h[1-6])\s*/?>)*+(?:(?<=\n)[-•>][ \t]+)?"
_CHOSEN = re.compile(r"(?:故选|故選|应选|應選)\s*[:：]?\s*")
_RUSSIAN_DASH = r"|[—–]|-(?=\s)"

_BEFORE = re.compile(
    r"(?:\b(?:if|whether|suppos\w*|assum\w*|check\w*|re-?check\w*|verif\w*|confirm\w*|validat\w*|test\w*"
    r"|explain\w*|justif\w*|review\w*|prov(?:e|es|ed|ing)"
    r"|claim\w*|says?|said|stat(?:es|ed)|why|how)[ ](?:(?:that|if|whether)[ ])?"
    r"(?:(?:the|my|our|this|your|an)[ ])?"
    r"|(?<!\bhere[ ])(?<!\bthis[ ])(?<!\bfollowing[ ])\b(?:is|was|as)[ ](?:the|our|my|an)[ ]"
    r"|\b(?:of|in|about)[ ](?:the|my|our|this|your)[ ])"
    r"(?:(?:final|correct|right)[ ])?$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"answers?\s+(?:check|verification|explanation|choices|options|format|key|sheet|template)\b[^,]*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\W*(?:(?:to|for|of|in|here|below|therefore|then|thus)(?![^\W_])|[(,]).*", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(?:if|otherwise|had[ ](?:we|it|he|she|they)|supposing|assuming)\b[^.!?\n]*$", re.IGNORECASE
)
_LOOKED_BACK = 100


@dataclass(frozen=True, slots=True)
class Announcement:
    """`start` is where what it announces begins. A label is followed by a colon or a line of its own, and
    what it announces may be a section. It is loose where other words stand before its colon ("I got the
    answer by 3 steps:"), and under a condition ("if we count zero, the answer is 6").
    """

    position: int
    start: int
    label: bool
    english: bool
    loose: bool = False


def announcements(text: str) -> Iterator[Announcement]:
    """From the last on."""
    lower = text.lower()
    found: list[tuple[int, str, re.Match[str]]] = [
        (match.start(), key, match)
        for key in _LANGUAGES
        if any(noun in lower for noun in key.split("|"))
        for match in _pattern(key).finditer(text)
    ]
    if "选" in text or "選" in text:
        found += [(match.start(), "选", match) for match in _CHOSEN.finditer(text)]
    for position, key, match in sorted(found, key=lambda each: each[0], reverse=True):
        if key == "选":
            yield Announcement(position, match.end(), label=False, english=False)
        elif each := _announcement(text, match, english=key.startswith("answer")):
            yield each


def _announcement(text: str, match: re.Match[str], english: bool) -> Announcement | None:
    looked_back = max(0, match.start() - _LOOKED_BACK)
    if english and (
        _BEFORE.search(text, looked_back, match.start()) or _WITHIN.search(match[0].strip(" \n*_"))
    ):
        return None
    label = match["verb"] is None or match["verb"].endswith((":", "："))
    start = match.end()
    if match["verb"] == "=" and match[0].count("$") % 2:
        start = text.rfind("$", match.start(), start)  # the sign stands in the formula: "answer $x = 5$"
    between = (match["between"] or "").strip(" *_")
    loose = match["verb"] == ":" and between and not _BETWEEN.fullmatch(between)
    loose = loose or _CONDITION.search(text, looked_back, match.start())
    return Announcement(match.start(), start, label, english, english and bool(loose))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    noun, verbs = _LANGUAGES[key]
    if key == "ответ":
        verbs += _RUSSIAN_DASH
    if key in _CLOSELY_WRITTEN:
        longest, verb = 20, rf"(?:{verbs})\s*[:：]?"
    else:
        longest, verb = 60, rf"(?<![^\W_])(?:{verbs})(?![^\W_])\s*[:：]?"
    gap = rf"(?:(?!{noun})[^\n.:=：。?？!！]){{0,{longest}}}?"
    return re.compile(
        rf"(?:^[ \t>]{{0,9}}(?:{_MARKED}{_WORDS}{noun}{_MORE_WORDS}|(?:final[ ])?{noun})"
        rf"[ \t*_:：]{{0,9}}\n|{noun}(?P<between>{gap})(?P<verb>{verb}|[-=]{{1,2}}>|→|[:：=])){_LED_IN}",
        re.IGNORECASE | re.MULTILINE,
    )
