"""Constraints on the whole response: JSON, quotation, fixed choices, two responses, the repeated request."""

import re
from random import Random
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field

from gristmill.text.blocks import parts, with_plain_breaks
from gristmill.text.words import holds_word, word_count, words
from gristmill.verifiers.constraints.demands import Demand, Measure, Part
from gristmill.verifiers.constraints.keywords import quoted
from gristmill.verifiers.constraints.kind import Constraint, Phrase, one_of
from gristmill.verifiers.constraints.start_end import begins_with
from gristmill.verifiers.structure.json_document import read_document

LONGEST_PROMPT = 20_000
TWO_SEPARATOR = "******"
_SHOWN = 200
_SHOWN_END = 40
_QUOTE_INSIDE = re.compile(r'((?<=[\s(\[{*_"—–-])"(?=\S))|"')
_LABEL = re.compile(
    r"[\W_]{0,9}(?:(?:the\s)?(?:first|second)\b\s?)?"
    r"(?:(?:response|answer|option|version|reply|variant|alternative)\b[ \t]{0,4})?"
    r"(?:(?:no\.?|number|#)[ \t]{0,4})?"
    r"(?:\d{1,2}|[abi]|ii|one|two)?[*_]{0,3}[ \t]{0,4}(?:[:.)–—-]|[*_]{0,3}\n)",
    re.IGNORECASE,
)
_OPTIONS = (
    ("Yes.", "No."),
    ("True", "False"),
    ("My answer is yes.", "My answer is no.", "My answer is maybe."),
    ("I agree.", "I disagree.", "I have no opinion."),
)


class JsonOnly(Constraint):
    """One object or array, and nothing around it: `json_document.py` says what is read. A number or a string
    by itself is not what people mean by an answer in JSON, and neither is one that holds no word, number or
    truth value at all, such as `[]`, `{}` and `[null]`.
    """

    kind = "json-only"
    asks = Demand(parts={Part.JSON, Part.BEGINNING, Part.ENDING})
    told = (
        "Answer with one JSON object or array that is not empty, and nothing else, without a Markdown "
        "fence around it."
    )

    def check(self, text: str) -> str | None:
        try:
            document = read_document(text)
        except ValueError as exc:
            return f"not JSON: {str(exc)[:_SHOWN]}"
        if not isinstance(document, (dict, list)):
            return "JSON, but neither an object nor an array"
        return None if _says_something(document) else "JSON that holds nothing"


def _says_something(document: object) -> bool:
    left = [document]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            left += each
        elif each is not None and holds_word(str(each)):
            return True
    return False


class Quoted(Constraint):
    """Straight double quotes at both ends, one pair around a text that holds a word; pairs may stand inside
    it. A quote inside opens where white space or a bracket stands before it, and closes elsewhere: inches
    (5") close.
    """

    kind = "quoted"
    asks = Demand(parts={Part.QUOTES, Part.BEGINNING, Part.ENDING})
    told = 'Put your whole answer in one pair of straight double quotation marks (").'

    def check(self, text: str) -> str | None:
        body = text.strip()
        if len(body) < 3 or body[0] != '"' or body[-1] != '"':
            return f"starts with {body[:1]!r} and ends with {body[-1:]!r}"
        if not word_count(body):
            return "nothing between the quotation marks"
        depth = 1
        for quote in _QUOTE_INSIDE.finditer(body, 1, len(body) - 1):
            depth += -1 if quote[1] is None else 1
            if not depth:
                return f"the first quotation ends with {body[: quote.end()][-_SHOWN_END:]!r}"
        return None


class TwoResponses(Constraint):
    """Parted by one line of six asterisks, and different in more than case, signs, white space and what they
    are called at their start ("Response 1:", "(b)").
    """

    kind = "two-responses"
    asks = Demand(parts={Part.TWO}, takes={Measure.WORDS: 3, Measure.SENTENCES: 2, Measure.LINES: 3})
    told = (
        "Give two different responses, one after the other, separated by a line that holds six asterisks "
        f"({TWO_SEPARATOR}) and nothing else."
    )

    def check(self, text: str) -> str | None:
        found = parts(text, TWO_SEPARATOR)
        if len(found) != 2:
            return f"{len(found)} {'response' if len(found) == 1 else 'responses'}, exactly 2 wanted"
        first, second = ([word.casefold() for word in words(_unlabelled(part))] for part in found)
        return "the two responses are the same" if first == second else None


def _unlabelled(response: str) -> str:
    """The whole of it where nothing else would be left: "2." is an answer, too."""
    label = _LABEL.match(response)
    return response[label.end() :] if label and holds_word(response[label.end() :]) else response


def _distinct(options: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(options)) < len(options):
        raise ValueError("one of them stands twice")
    if not all(map(word_count, options)):
        raise ValueError("one of them holds no word")
    return options


class Choice(Constraint):
    """One of the options, letter by letter, and nothing else but white space around it."""

    kind = "choice"
    asks = Demand(parts={Part.CHOICE})
    draws: ClassVar = {"options": one_of(_OPTIONS)}
    options: Annotated[tuple[Phrase, ...], Field(min_length=2, max_length=20), AfterValidator(_distinct)]

    def check(self, text: str) -> str | None:
        body = text.strip()
        return None if body in self.options else f"{body[:_SHOWN]!r} is none of the options"

    def sentence(self) -> str:
        return f"Answer with one of these and nothing else: {quoted(self.options)}."


def _repeatable(prompt: str) -> str:
    if prompt != prompt.strip() or "\0" in prompt or not word_count(prompt):
        raise ValueError("a text with a word, without white space at its ends and without NUL")
    return prompt


class RepeatPrompt(Constraint):
    """`prompt` is the bare instruction, without the sentences of the constraints: a problem's own prompt has
    them, this one among them. Something must follow it, and not the sentence of this constraint; `echoes`
    tells of the others. Line breaks are compared whatever system wrote them.
    """

    kind = "repeat-prompt"
    told = (
        "First repeat the request above word for word and without change, leaving out these added "
        "conditions; then give your answer."
    )
    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT), AfterValidator(_repeatable)]

    def check(self, text: str) -> str | None:
        body, prompt = with_plain_breaks(text).strip(), with_plain_breaks(self.prompt)
        if not begins_with(body, prompt):
            return f"starts with {body[:40]!r}, not with the request"
        if not word_count(body[len(prompt) :]):
            return "no answer after the request"
        return "the added conditions are repeated, too" if self.echoes(text, self) else None

    def echoes(self, text: str, other: Constraint) -> bool:
        """Whether the other constraint's sentence follows the request."""
        rest = with_plain_breaks(text).strip()[len(with_plain_breaks(self.prompt)) :]
        told = words(other.sentence())
        start = words(rest[: 4 * len(other.sentence())])[: len(told)]
        return [word.casefold() for word in start] == [word.casefold() for word in told]

    def demand(self) -> Demand:
        takes = {Measure.WORDS: 1, Measure.SENTENCES: 1}
        return Demand(parts={Part.PROMPT, Part.BEGINNING}, texts=(self.prompt,), takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(prompt=prompt.strip())
