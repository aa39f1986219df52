"""Verifier `grounding`: a response quotes its source word for word, rests on it, and makes up no number.

A response is grounded where all of this holds:

- It quotes: at least one span in double quotes has `FEWEST_WORDS` words, and every such span stands in the
  passage (`quotations.py`).
- Every value of the response, quoted or not, stands in the passage or in the prompt, in digits or in words.
  What only counts the response's own parts is none, nor are words to twelve (`numbers.py`).
- What it says outside its quotations is of the source: at least `LEAST_SHARE` of those words that say
  something stand in the passage or in the prompt, by their stems. Words that only introduce a quotation
  ("the passage says") count neither way.
- A quotation bears on the answer: it overlaps the source's own quote in the passage, or holds half of the
  words and numbers of its answer.

Limits, plainly. These are proxies by words: a claim put together from the passage's own words passes, and one
in other words, or in another language than the passage's, does not. A number that is rightly computed from
the source, a quotation shortened within, and one that is not from the source but from the prompt are
rejected. Time is linear in the response, and in the passage for each quotation.

The reference is a JSON object: `passage` (not blank), `answer`, `quote`, all text. After the recipe of
ClimateChat (arXiv 2506.13796): facts from documents, and answers that rest on them.
"""

from dataclasses import dataclass
from time import perf_counter

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.format_checks import general_fault, general_version
from gristmill.verifiers.grounding.content_words import content_words, stem
from gristmill.verifiers.grounding.numbers import known_values_in, values_in
from gristmill.verifiers.grounding.quotations import (
    FEWEST_WORDS,
    Quotation,
    found_text,
    joined,
    quotations,
    span_in,
)
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings
from gristmill.verifiers.structure.json_document import read_document

NAME = "grounding"
RULES = 1
LEAST_SHARE = 0.6
"""Of the words that say something, those that the source must hold. On cases made by hand, claims made up
beside a true quotation came to 0.4 or less, answers near the source's wording to 0.7 or more; paraphrases
("more than 100 people lost their lives") come to as little as inventions, and are lost.
"""

_LONGEST_SHOWN = 200
_LONGEST_ANSWER = 2000
_INTRODUCING = """
    according answer answers article author authors based cite cited cites claim claims confirm
    confirms describe described describes document evidence exactly explain explained explains fact found give
    given gives hence indeed indicate indicates know known later earlier line mean means mention mentioned
    mentions no note noted notes paragraph passage phrase put puts question quotation quote quoted quotes read
    reads record records report reported reports say says said see seen sentence shown show shows source
    specifically state stated states support supports tell tells text therefore thus word words write writes
    wrote written yes first second next then finally namely however because called
"""
_NEUTRAL = frozenset(map(stem, _INTRODUCING.split()))


@dataclass(frozen=True, slots=True)
class Source:
    """What a response is to rest on. `answer` and `quote` are those of whoever made the problem."""

    passage: str
    answer: str
    quote: str


def grounding_version(settings: VerifierSettings) -> str:
    return f"{RULES}/{general_version(settings)}"


def verify_grounding(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """`answer` is the quotation that decides, the first or one that the passage has not; `span` is where it
    stands in the response, without its quotes.
    """
    started = perf_counter()
    found, first = _judged(problem, response, settings)
    return found.verdict(
        NAME,
        grounding_version(settings),
        perf_counter() - started,
        answer=None if first is None else first.text[:_LONGEST_ANSWER],
        span=None if first is None else (first.start, first.end),
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


def known_numbers(*texts: str) -> set[str]:
    """The values that the texts hold, in digits or as words, in the spelling of `values_in`."""
    return set().union(*map(known_values_in, texts))


def _judged(
    problem: Problem, response: Response, settings: VerifierSettings
) -> tuple[Finding, Quotation | None]:
    if fault := general_fault(problem, response, settings):
        return fault, None
    try:
        source = read_source(problem.reference)
    except ValueError as exc:
        return Finding(Reason.UNREADABLE_REFERENCE, str(exc)[:_LONGEST_SHOWN]), None
    quoted, passage = quotations(response.text), joined(source.passage)
    texts: list[str] = []
    for each in quoted:
        if (text := found_text(passage, each.text)) is None:
            return Finding(Reason.UNGROUNDED, f"not in the passage: {each.text[:_LONGEST_SHOWN]}"), each
        texts.append(text)
    if not quoted:
        return Finding(Reason.NO_CITATION, f"no quotation of {FEWEST_WORDS} words or more"), None
    fault = _made_up(source, problem.prompt, response.text, quoted)
    if fault is None and not any(_bears(source, text) for text in texts):
        fault = Finding(Reason.UNGROUNDED, "no quotation bears on the answer of the source")
    return fault or Finding(Reason.GROUNDED), quoted[0]


def _made_up(source: Source, prompt: str, text: str, quoted: list[Quotation]) -> Finding | None:
    known = known_numbers(source.passage, prompt)
    if unknown := [number for number in values_in(text) if number not in known]:
        shown = ", ".join(unknown)[:_LONGEST_SHOWN]
        return Finding(Reason.UNGROUNDED, f"numbers in neither passage nor prompt: {shown}")
    there = content_words(f"{source.passage}\n{prompt}")
    said = {key: word for key, word in content_words(_outside(text, quoted)).items() if key not in _NEUTRAL}
    foreign = [word for key, word in said.items() if key not in there and not known_numbers(word) & known]
    if len(said) - len(foreign) >= LEAST_SHARE * len(said):
        return None
    share = f"{len(foreign)} of {len(said)} words outside quotations are in neither passage nor prompt"
    return Finding(Reason.UNGROUNDED, f"{share}: {', '.join(foreign)[:_LONGEST_SHOWN]}")


def _outside(text: str, quoted: list[Quotation]) -> str:
    starts = [0, *(each.end for each in quoted)]
    ends = [*(each.start for each in quoted), len(text)]
    return " ".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _bears(source: Source, quotation: str) -> bool:
    """Whether it has to do with what the source answers. Where the source has neither a quote that stands in
    its passage nor words or numbers in its answer, any quotation does.
    """
    own, other = span_in(source.passage, source.quote), span_in(source.passage, quotation)
    if own and other and own[0] < other[1] and other[0] < own[1]:
        return True
    wanted = _matter(source.answer)
    if not wanted:
        return own is None
    return 2 * len(wanted & _matter(quotation)) >= len(wanted)


def _matter(text: str) -> set[str]:
    return {*content_words(text), *known_values_in(text)} - {"yes"}
