r"""Whether a response says what its source says: it quotes the source, word for word, and makes up no number.

A response is grounded where all of this holds:

- It quotes: a span in double quotes (straight, curly, low or angle ones) has at least `FEWEST_WORDS` words.
  Shorter ones are titles and terms, and prove nothing.
- Every such span stands in the passage, whole words and numbers, up to white space and the style of quotes
  (single ones may stand for double ones). Case counts. One full stop or comma at its end may be the
  response's own.
- Every number of the response, quoted or not, stands in the passage or in the prompt, there in digits or as
  a word up to twenty. What only counts the response's own parts is no such number (`metrics/figures.py`).

Limits, plainly. What is said outside quotes and numbers is not checked: a quotation does not make the rest
true. A number that is rightly computed from the source, a quotation shortened by an ellipsis, and one that is
not from the source but from the prompt are rejected. A straight quote right after a letter or digit does not
open (inches); a quotation ends with its paragraph at the latest. Time is linear in the response, and in the
passage for each quotation.

The reference is a JSON object: `passage` (not blank), `answer`, `quote`, all text. After the recipe of
ClimateChat (arXiv 2506.13796): facts from documents, and answers that rest on them.
"""

import re
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from sampling.records import Problem, Response, Verdict
from verifiers.faults import Fault
from verifiers.json_document import read_document
from verifiers.math_answer import storable
from verifiers.metrics.figures import NUMBER_WORDS, all_numbers_in, numbers_in
from verifiers.metrics.words import words
from verifiers.reasons import Reason, outcome_of
from verifiers.settings import VerifierSettings
from verifiers.sound import general_fault, general_version

NAME = "grounding"
RULES = 1
FEWEST_WORDS = 3
_LONGEST_SHOWN = 200
_LONGEST_ANSWER = 2000

_QUOTED = re.compile(
    r"""(?<!\w)"(?P<straight>[^"\n]*+(?:\n(?![^\S\n]*\n)[^"\n]*+)*+)"
        |[“„](?P<curly>[^“”„\n]*+(?:\n(?![^\S\n]*\n)[^“”„\n]*+)*+)[”“]
        |«(?P<angle>[^«»\n]*+(?:\n(?![^\S\n]*\n)[^«»\n]*+)*+)»""",
    re.VERBOSE,
)
_PIECE = re.compile(r"(?:(?<!\w)[-+−])?\w+(?:[.,:][0-9]+)*|\s+|[^\w\s]")
_QUOTES = '"“”„‟«»″＂‘’‚‛′`´'
_ONE_STYLE = str.maketrans(_QUOTES, "'" * len(_QUOTES))
"""Single ones, too: a quotation within a quotation changes them."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a response is to rest on. `answer` and `quote` are those of whoever made the problem."""

    passage: str
    answer: str
    quote: str


@dataclass(frozen=True, slots=True)
class _Quotation:
    text: str
    start: int
    end: int


def grounding_version(settings: VerifierSettings) -> str:
    return f"{RULES}/{general_version(settings)}"


def verify_grounding(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """`answer` is the quotation that decides, the first or one that the passage has not; `span` is where it
    stands in the response, without its quotes.
    """
    started = perf_counter()
    fault, first = _judged(problem, response, settings)
    return Verdict(
        outcome_of(fault.reason),
        fault.reason,
        NAME,
        grounding_version(settings),
        storable(fault.detail),
        answer=None if first is None else storable(first.text[:_LONGEST_ANSWER]),
        span=None if first is None else (first.start, first.end),
        seconds=perf_counter() - started,
    )


def read_source(reference: str) -> Source:
    """ValueError that says what is wrong."""
    document = read_document(reference)
    if not isinstance(document, dict):
        raise ValueError("the reference is no JSON object")
    for name in ("passage", "answer", "quote"):
        if not isinstance(document.get(name), str):
            raise ValueError(f"the reference has no text under {name}")
    if not document["passage"].strip():
        raise ValueError("the passage is blank")
    return Source(document["passage"], document["answer"], document["quote"])


def span_in(passage: str, quote: str) -> tuple[int, int] | None:
    """Where the quote stands in the passage: start and end offset in characters, of the first place; None
    where it does not stand there, or is blank.

    White space runs are equal, and so are quotes of any style. The match ends where words and numbers do:
    `5 degrees` is not in `15 degrees`, nor in `3.5 degrees`. Linear in both.
    """
    wanted, joined = _joined(quote.strip()), _joined(passage)
    index = joined.find(wanted)
    if not quote.strip() or index < 0:
        return None
    first, count = joined.count("\n", 0, index), wanted.count("\n") - 1
    spans = [match.span() for match in islice(_PIECE.finditer(passage), first, first + count)]
    return spans[0][0], spans[-1][1]


def known_numbers(*texts: str) -> set[str]:
    """The numbers that the texts hold, in digits or as words, in the spelling of `numbers_in`."""
    found: set[str] = set()
    for text in texts:
        found |= all_numbers_in(text)
        found |= {NUMBER_WORDS[word] for word in words(text.replace("-", " ")) if word in NUMBER_WORDS}
    return found


def _joined(text: str) -> str:
    """Words, numbers, marks and blanks, each between line feeds, of which none holds one: where the whole
    pieces of one text stand in another, this text of it stands in that of the other.
    """
    pieces = _PIECE.findall(text.translate(_ONE_STYLE))
    return "\n".join(["", *(" " if piece.isspace() else piece for piece in pieces), ""])


def _judged(
    problem: Problem, response: Response, settings: VerifierSettings
) -> tuple[Fault, _Quotation | None]:
    if fault := general_fault(response, settings):
        return fault, None
    try:
        source = read_source(problem.reference)
    except ValueError as exc:
        return Fault(Reason.UNREADABLE_REFERENCE, str(exc)[:_LONGEST_SHOWN]), None
    quotations, passage = _quotations(response.text), _joined(source.passage)
    for each in quotations:
        if not _stands(passage, each.text):
            return Fault(Reason.UNGROUNDED, f"not in the passage: {each.text[:_LONGEST_SHOWN]}"), each
    if not quotations:
        return Fault(Reason.NO_CITATION, f"no quotation of {FEWEST_WORDS} words or more"), None
    known = known_numbers(source.passage, problem.prompt)
    unknown = [number for number in numbers_in(response.text) if number not in known]
    if unknown:
        shown = ", ".join(unknown)[:_LONGEST_SHOWN]
        return Fault(Reason.UNGROUNDED, f"numbers in neither passage nor prompt: {shown}"), quotations[0]
    return Fault(Reason.GROUNDED), quotations[0]


def _stands(passage: str, quoted: str) -> bool:
    """In a passage that is joined already."""
    wanted = quoted.strip()
    if _joined(wanted) in passage:
        return True
    return wanted.endswith((".", ",")) and _joined(wanted[:-1].rstrip()) in passage


def _quotations(text: str) -> list[_Quotation]:
    """Those of at least `FEWEST_WORDS` words, in the order in which they stand."""
    spans = (match.span(match.lastgroup or 0) for match in _QUOTED.finditer(text))
    found = (_Quotation(text[start:end], start, end) for start, end in spans)
    return [each for each in found if len(words(each.text)) >= FEWEST_WORDS]
