"""The language of a response, as `verifiers.language` tells it from the letters.

Limits: a guess from letter sequences. Short texts and close relatives (Hindi and Marathi, Ukrainian and
Russian) are mistaken for each other; a text with too few letters to tell does not satisfy the constraint.
Case plays no part.
"""

from random import Random
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator

from verifiers.constraints.demands import Demand, Measure, Part
from verifiers.constraints.kind import Constraint
from verifiers.language import language_of

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

_OTHER_CASELESS = "ar bn fa gu he hi kn ko ml mr ne pa ta te ur"
CASELESS = UNSPACED | frozenset(_OTHER_CASELESS.split())

WORDS_TO_TELL = 30
"""Words of plain text by which a language is told from others in all likelihood."""

_SAMPLED = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "ru", "zh")


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"no language that is told apart; known are {', '.join(LANGUAGES)}")
    return code


class Language(Constraint):
    kind: ClassVar[str] = "language"
    language: Annotated[str, AfterValidator(_known)]

    def check(self, text: str) -> str | None:
        found, probability = language_of(text.lower())
        if found == self.language:
            return None
        if not found:
            return f"too few letters to tell the language, {LANGUAGES[self.language]} wanted"
        name = LANGUAGES.get(found, found)
        return f"{name} (probability {probability:.2f}), {LANGUAGES[self.language]} wanted"

    def sentence(self) -> str:
        return f"Answer in {LANGUAGES[self.language]}, and in no other language."

    def opposite(self) -> Constraint:
        return Language(language="de" if self.language != "de" else "en")

    def demand(self) -> Demand:
        takes = {Measure.WORDS: WORDS_TO_TELL}
        return Demand(parts=frozenset({Part.LANGUAGE}), language=self.language, takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(language=rng.choice(_SAMPLED))
