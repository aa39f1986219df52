"""Constraint on the language of a response: detected from its letters, without passages in another one.

The text as a whole (its first 2,000 characters) must be in the language. Then windows are looked at: from
each sentence on, as many sentences as fill `WINDOW` characters, and a sentence longer than `LONGEST_WINDOW`
in pieces. One that is in another of `LANGUAGES` with a probability of `SURE` or more is a passage in another
language. Code, addresses and what stands in quotation marks, up to `LONGEST_QUOTED` characters, are left out.

Measured on 96,000 translated messages of programs, 40 characters or more each: five were taken for another
language, and those that were looked at had untranslated English in them.

Limits: a guess from letter sequences. Short texts and close relatives (Hindi and Marathi, Ukrainian and
Russian) are mistaken for each other; a text with too few letters to tell does not satisfy the constraint; a
foreign passage of a few words is not seen, and a list of foreign titles without quotation marks is. Of more
than `MOST_WINDOWS` windows so many are looked at, evenly spread, so that a short passage in a huge text can
be missed. Case plays no part.
"""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from gristmill.text.sentences import sentences
from gristmill.verifiers.constraints.demands import Demand, Measure, Part
from gristmill.verifiers.constraints.kind import Constraint, one_of
from gristmill.verifiers.language import language_of

LANGUAGES: dict[str, str] = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "kn": "Kannada",
    "ko": "Korean",
    "ml": "Malayalam",
    "mr": "Marathi",
    "ne": "Nepali",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
UNSPACED = frozenset({"ja", "th", "zh"})
"""Where no white space parts words, so that a number of words means little."""

WINDOW = 60
"""Characters that tell a language."""

LONGEST_WINDOW = 300
SHORTEST_WINDOW = 50
"""Of the last one, which has no more sentences to take in."""

MOST_WINDOWS = 400
SURE = 0.99
LONGEST_QUOTED = 100
_LEFT_OUT = re.compile(
    rf"""```.*?(?:```|\Z)
        |`[^`\n]{{1,{LONGEST_QUOTED}}}`
        |"[^"\n]{{1,{LONGEST_QUOTED}}}" | “[^”\n]{{1,{LONGEST_QUOTED}}}” | „[^“”\n]{{1,{LONGEST_QUOTED}}}[“”]
        |«[^»\n]{{1,{LONGEST_QUOTED}}}»
        |「[^」\n]{{1,{LONGEST_QUOTED}}}」 | 《[^》\n]{{1,{LONGEST_QUOTED}}}》
        |(?<!\w)(?:https?://|www\.)\S++""",
    re.VERBOSE | re.DOTALL,
)
_PIECE = re.compile(rf"\S.{{0,{LONGEST_WINDOW - 1}}}(?!\S)|\S.{{0,{LONGEST_WINDOW - 1}}}", re.DOTALL)

_OTHER_CASELESS = "ar bn fa gu he hi kn ko ml mr ne pa ta te ur"
CASELESS = UNSPACED | frozenset(_OTHER_CASELESS.split())

WORDS_TO_TELL = 30
"""Words of plain text by which a language is told from others in all likelihood."""

_SHOWN = 60
_SAMPLED = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "ru", "zh")


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"no language that is told apart; known are {', '.join(LANGUAGES)}")
    return code


class Language(Constraint):
    kind = "language"
    draws: ClassVar = {"language": one_of(_SAMPLED)}
    language: Annotated[str, AfterValidator(_known)]

    def check(self, text: str) -> str | None:
        lowered = text.lower()
        found, probability = language_of(lowered)
        if not found:
            return f"too few letters to tell the language, {LANGUAGES[self.language]} wanted"
        if found != self.language:
            name = LANGUAGES.get(found, found)
            return f"{name} (probability {probability:.2f}), {LANGUAGES[self.language]} wanted"
        for window in _windows(lowered):
            found, probability = language_of(window)
            if found != self.language and found in LANGUAGES and probability >= SURE:
                return f"{LANGUAGES[found]}, {LANGUAGES[self.language]} wanted: {window[:_SHOWN]!r}"
        return None

    def sentence(self) -> str:
        return f"Answer in {LANGUAGES[self.language]}, and in no other language."

    def demand(self) -> Demand:
        takes = {Measure.WORDS: WORDS_TO_TELL}
        return Demand(parts={Part.LANGUAGE}, language=self.language, takes=takes)


def _windows(text: str) -> Iterator[str]:
    """What is left out leaves the sentences around it whole, unless it is most of the text."""
    plain = _LEFT_OUT.sub(" ", text)
    if 2 * len(plain) < len(text):
        plain = text
    pieces = [piece[0] for sentence in sentences(plain) for piece in _PIECE.finditer(sentence)]
    for number in range(min(MOST_WINDOWS, len(pieces))):
        first = number * len(pieces) // min(MOST_WINDOWS, len(pieces))
        last, size = first, 0
        while last < len(pieces) and size < WINDOW:
            size += len(pieces[last])
            last += 1
        if size >= SHORTEST_WINDOW:
            yield " ".join(pieces[first:last])[:LONGEST_WINDOW]
