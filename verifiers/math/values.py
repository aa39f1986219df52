r"""Values in a sentence: numbers, formulas, choices, sums such as `9 * 2 = 18`, lists such as `3 and 4`.

The idea: a sentence is cut into tokens in one pass, tokens that belong together by operators, brackets or
their place make a run, and a run with a number, a formula or a choice in it is a value. A variable (`$n$`) is
no value, "Step 3" is none, and number words are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gristmill.verifiers.math.sentence_words import VERB
from gristmill.verifiers.math.unit_names import SCALES

_NUMBER = (
    r"(?:[$€£¥₹]\s?|\\\$\s?)?(?:\d{1,4}(?:,\d{3}(?!\d))+(?:\.\d+)?|\d+\s\d+/\d+(?![\d/])|\d+(?:\.\d+)?|\.\d+)"
)
_FORMULA = (
    r"\$\$(?P<display>.{1,500}?)\$\$|\\\[(?P<brackets>.{1,500}?)\\\]|\\\((?P<parens>.{1,500}?)\\\)"
    r"|\$(?P<inline>(?!\s)(?:[^$\n\\]|\\.){1,500}(?<!\s)"
    r"|[ \t]+(?:(?!(?<![\\A-Za-z])[a-z]{2})[^$\n]){1,500}[ \t]+)\$(?!\d)"
)
_TOKEN = re.compile(
    r"(?P<end>\n|</s>|<\|[a-z_]{1,30}\|>|<end_of_turn>|<eos>|</[a-z_]{1,20}>|[。！？।]"
    r"|(?<!\bapprox)(?<!\bca)(?<!\bi\.e)(?<!\be\.g)(?<!\b[MD]rs)(?<!\b[MD][rs])[.!?](?=[\s*_<)\"”]|$))"
    rf"|(?P<formula>{_FORMULA})"
    r"|(?P<choice>\([A-J]\))"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<word>(?:i\.e|e\.g)\b\.?|[^\W\d_]{2,}(?:['’][^\W\d_]+)?|[^\W\d_A-Za-zα-ω])"
    r"|(?P<letter>[A-Za-zα-ω])"
    r"|(?P<tex>\\[A-Za-z]+|\\[^\w\s])"
    r"|(?P<mark>[-+−–—*/×·÷^=<>≤≥≠≈~:：,，;|!%°√π∞()（）\[\]{}_&])"
    r"|(?P<other>\S)",
    re.DOTALL,
)
_LEADING = frozenset(",，;:：=*/×·÷^≈~|!%°)）]}_&—–")
_TRAILING = frozenset("-+−–—*/×·÷^=<>≤≥≠≈~:：,，;|([（{_&√")
_NAME = re.compile(
    r"\s*(?:\\(?:triangle|angle|overline|vec|mathbf|alpha|beta|gamma|theta|lambda|phi|omega)(?![a-z])\s*)?"
    r"\{?[A-Za-z']{0,4}(?:_\{?[A-Za-z0-9]{1,3}\}?)?(?:\([A-Za-z, ]{1,10}\))?\}?\s*"
)
_IDLE_TEX = re.compile(r"\\(?:text\w*|q?quad|mathrm|[,;:!> ]|left|right|[()\[\]{}])")
FUNCTIONS = frozenset({"sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "sqrt", "pi", "mod"})
_NUMBER_WORD = re.compile(
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|zero"
)
_NUMBERED = re.compile(
    "steps?|figure|question|problem|equation|part|case|example|table|line|page|chapter|section|row"
)
_JOINING = re.compile(r"\s*,?\s*(?:and|or|&|y|et|und|e|и|和|或)\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a sentence; `kind` is the name of its group in the pattern."""

    kind: str
    text: str
    start: int
    end: int
    inside: str = ""

    @property
    def in_display(self) -> bool:
        return self.text.startswith(("$$", "\\["))


@dataclass(frozen=True, slots=True)
class Value:
    """`text[start:end]` of a sentence; made of `tokens`. `parts` are the spans that "and" joins."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return self.parts or ((self.start, self.end),)

    @property
    def in_words(self) -> bool:
        return self.tokens[0].kind == "word" and self.tokens[0].text.lower() not in FUNCTIONS


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or ""
        inside = ""
        if match["formula"] is not None:
            kind = "formula"
            inside = match["display"] or match["brackets"] or match["parens"] or match["inline"]
        yield Token(kind, match.group(), match.start(), match.end(), inside)


def values(sentence: list[Token], text: str) -> list[Value]:
    """In order; those with nothing but "and" or "or" between them are one."""
    found: list[Value] = []
    for run, signed in _runs(sentence):
        value = _value(run, signed)
        if value is None:
            continue
        if found and _JOINING.fullmatch(text, found[-1].end, value.start):
            before = found.pop()
            spans = (*before.spans, *value.spans)
            value = Value(before.start, value.end, (*before.tokens, *value.tokens), spans)
        found.append(value)
    return found


def _runs(sentence: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    """Runs, and whether a dash before one is its sign: at the beginning, and after a verb such as "is"."""
    run: list[Token] = []
    numbered, signed = False, True
    for token in sentence:
        word = token.text.lower() if token.kind == "word" else ""
        if word in SCALES and run and run[-1].kind == "number":
            run.append(token)
        elif _NUMBER_WORD.fullmatch(word):
            yield from ((run, signed), ([token], False))
            run, signed = [], False
        elif token.kind in ("end", "other") or (word and word not in FUNCTIONS):
            yield run, signed
            run, signed = [], VERB.fullmatch(word) is not None
            numbered = _NUMBERED.fullmatch(word) is not None
        elif numbered and token.kind == "number":
            numbered = False
        elif run and not _belong(run[-1], token):
            yield run, signed
            run, signed = [token], False
        else:
            run.append(token)
    yield run, signed


def _belong(one: Token, other: Token) -> bool:
    """Whether two tokens beside each other are parts of one expression."""
    if one.end == other.start or "mark" in (one.kind, other.kind) or "tex" in (one.kind, other.kind):
        return True
    return one.kind == "choice" and other.kind in ("number", "formula")


def _value(run: list[Token], signed: bool) -> Value | None:
    run = _bare(run, signed)
    if not any(_tells(token) for token in run):
        return None
    return Value(run[0].start, run[-1].end, tuple(run))


def _bare(run: list[Token], signed: bool) -> list[Token]:
    """Without the punctuation at its ends, and without brackets there that have no partner."""
    start, end = 0, len(run)
    depth = sum((token.text in "([{（") - (token.text in ")]}）") for token in run if token.kind == "mark")
    while start < end and run[start].kind == "mark":
        mark = run[start].text
        dash = not signed and mark in "-+−" and start + 1 < end and run[start + 1].start > run[start].end
        if mark not in _LEADING and not dash and not (mark in "([{（" and depth > 0):
            break
        depth -= (mark in "([{（") - (mark in ")]}）")
        start += 1
    while end > start and run[end - 1].kind == "mark":
        mark = run[end - 1].text
        if mark not in _TRAILING and not (mark in ")]}）" and depth < 0):
            break
        depth -= (mark in "([{（") - (mark in ")]}）")
        end -= 1
    return run[start:end]


def _tells(token: Token) -> bool:
    if token.kind == "formula":
        return not _NAME.fullmatch(token.inside)
    if token.kind == "mark":
        return token.text in "√π∞"
    if token.kind == "tex":
        return not _IDLE_TEX.fullmatch(token.text)
    return token.kind in ("number", "choice") or _NUMBER_WORD.fullmatch(token.text.lower()) is not None
