"""Kinds of constraint that an instruction rules out, by patterns over its words.

The one idea: caution costs nothing, since there are many other kinds. An instruction that speaks of words,
languages, code, lists, numbers and so on bars whole groups of kinds, whether they would really contradict it
or not; six kinds go with any, so that there are always three to be drawn.

Limits: English words alone tell, so that nothing bars a kind for an instruction in another language but its
digits and its own words; what is only meant ("in the manner of a haiku" is known, "like Basho" is not) is not
seen. Time linear in the instruction, of which `LONGEST` characters are read.
"""

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from types import MappingProxyType

from gristmill.verifiers.constraints.language import LANGUAGES

LONGEST = 20_000

_KEYWORDS = {"keywords-included", "keyword-at-least", "letter-at-least"}
_EDGES = {"starts-with", "ends-with", "ends-with-question", "paragraph-starts-with"}
_CASES = {"all-lowercase", "all-uppercase", "capital-words-at-least", "capital-words-at-most"}
_WORDS = {"words-at-least", "words-at-most", "words-between", "words-exactly", "letter-at-least"}
_SENTENCES = {"sentences-at-least", "sentences-at-most", "sentence-words-at-least", "sentence-words-at-most"}
_BLOCKS = {"paragraphs-exactly", "paragraphs-starred", "paragraph-starts-with", "lines-exactly"}
_LAYOUT = _BLOCKS | {"bullets-exactly", "sections-exactly", "two-responses"}
_WHOLES = {"json-only", "quoted", "two-responses", "repeat-prompt", "choice"}
_LENGTHS = _WORDS | _SENTENCES | _LAYOUT | {"repeat-prompt", "questions-exactly"}
_SIGNS = {"no-commas", "no-digits", "placeholders-at-least", "questions-exactly"}
_MOST = _LENGTHS | _WHOLES | _SIGNS | _CASES | {"language"} | _EDGES

_NUMBER = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|hundred|"
    r"dozen|a few|several)"
)
_NAMES = "|".join([*LANGUAGES.values(), "Mandarin", "Cantonese", "Latin", "Norwegian", "Catalan", "Irish"])


_BARS: tuple[tuple[str, str, Set[str]], ...] = (
    (
        "a length",
        rf"(?:{_NUMBER}|an?|one)[ -](?:\w+[ -])?(?:words?|sentences?|paragraphs?|lines?|liners?|characters?|"
        r"pages?|stanzas?)|word (?:count|limit)|short(?:er)?|brief(?:ly)?|concise(?:ly)?|long(?:er)?|"
        r"detail(?:ed)?|summary|summari[sz]e|tweet|slogan|tagline|headline|caption|essay",
        _LENGTHS,
    ),
    ("verse", r"poems?|haiku|limerick|sonnet|song|lyrics|verse|rhym\w+|rap|acrostic", _LENGTHS | _EDGES),
    ("a number of things", rf"{_NUMBER} [a-z]+|top \d+|step|parts?|pros and cons|both", _LAYOUT),
    (
        "a list",
        r"lists?|bullets?|bulleted|numbered|enumerate|steps|outline|table|tables|items|tips|examples|columns?|"
        r"recipe|schedule|itinerary|plan|agenda",
        _LAYOUT | _SENTENCES | {"no-digits", "json-only"},
    ),
    (
        "numbers",
        r"\d+\S*|how (?:many|much|far|long|old|tall|big)|calculat\w+|comput\w+|solve|equation|percent\w*|"
        r"arithmetic|math\w*|sum|product of|average|number|numbers|digits?|date|dates|year|years|when|price|"
        r"prices|cost|costs|budget|population|temperature|distance|convert|formula|probability|statistics|"
        r"divided|multipl\w+|plus|minus|times|timeline|ages?|area|volume",
        {"no-digits", "no-commas"},
    ),
    ("a language", rf"languages?|{_NAMES}", {"language"}),
    (
        "a text that is fixed",
        r"translat\w+|proofread|transcri\w+|grammar|spelling|correct|rewrite|rephrase|paraphrase|edit|repeat|"
        r"extract|quote|quotes|copy|fix|complete|continue|fill|unscramble|reverse|sort|rearrange",
        _MOST | _KEYWORDS,
    ),
    (
        "code or data",
        r"code|coding|functions?|python|java|javascript|typescript|rust|golang|kotlin|swift|ruby|perl|php|sql|"
        r"html|css|regex|regular expressions?|script|program|programming|algorithm|class|bash|shell|linux|"
        r"command|query|latex|api|compile|debug|snippet|json|xml|yaml|csv|markdown|spreadsheet|excel|url|"
        r"method|database|unit tests?|pseudocode|c\+\+(?!\w)|c#",
        _MOST,
    ),
    (
        "a form of its own",
        r"yes or no|true or false|multiple[- ]choice|classif\w+|categori[sz]e|category|label|sentiment|"
        r"choose|which (?:of|one)|select|identify|single|only|with just|nothing else|no explanation|exactly|"
        r"one[- ]word|format",
        _LENGTHS | _WHOLES | _EDGES | _KEYWORDS | {"language", "placeholders-at-least"},
    ),
    (
        "how to begin or end",
        r"(?:start|begin|end|open|close|clos|finish|conclud)\w* (?:with|by)|"
        r"(?:first|last) (?:word|line|sentence)",
        _EDGES | _WHOLES,
    ),
    ("case", r"(?:upper|lower)[- ]?case|capitali[sz]\w+|capitals?|caps|letters?|acronym|names?", _CASES),
    (
        "questions",
        r"questions?|quiz|interview|ask|asks|asking|faq|riddle|survey|dialogue|conversation",
        {"questions-exactly", "ends-with-question"},
    ),
    (
        "signs",
        r"commas?|punctuation|quotation|brackets?|placeholders?|template|asterisks?|hyphens?|symbols?",
        _SIGNS | _WHOLES | _LAYOUT,
    ),
    (
        "what to leave out",
        r"without|avoid\w*|do not|don['’]t|never|must not|except|instead of|no more than",
        _KEYWORDS | {"repeat-prompt"},
    ),
    (
        "a letter or a speech",
        r"e-?mail|letter|message|memo|speech|dear|invitation|review|dialog|script",
        _EDGES | {"json-only", "quoted", "bullets-exactly", "sections-exactly", "two-responses"},
    ),
)
"""What an instruction speaks of, the words that tell it, and the kinds that it bars."""

_FOUND = [(what, re.compile(rf"\b(?:{words})\b", re.IGNORECASE), kinds) for what, words, kinds in _BARS]


@lru_cache(maxsize=64)
def barred_kinds(prompt: str) -> Mapping[str, str]:
    """The kinds that do not go with a bare instruction, and what it speaks of that bars them."""
    start = prompt[:LONGEST]
    return MappingProxyType(
        {kind: what for what, words, kinds in _FOUND if words.search(start) for kind in kinds}
    )
