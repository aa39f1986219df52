r"""Verifier `math`: extraction of the answer, then equality with the reference.

Strictness (each rule has a test named for it). Where DART-Math's grader is more lenient, the choice is
deliberate: a wrong answer taken for right ends up in the training data, a right one taken for wrong costs a
draw.

- The reference's form says what is asked for: a tuple is compared in order, a list or `\{\}` in any order
  (`shapes.py`).
- 0.5 is not 50 unless a percent sign says so, and 3.04 is not 0.0304 (`plain_numbers.py`).
- Words are compared whole: "unknown" is not "no" (`text_answers.py`).
- A unit may be missing on one side; two different units with one number are different; with different numbers
  the verdict is open (`units.py`).
- Decimals are exact, but that 4 or more significant digits may round a value that has no finite decimal form.
- Expressions must agree in value, to 50 digits, and be equal for Math-Verify, too (`symbolic.py`). Those that
  differ where a variable is negative alone, and sets and relations that nothing tells apart, are left open.
- A response with leaked text of a chat template is rejected, whatever it answers: it would be learnt from.
- An answer that cannot be read, where the reference can, is rejected: whoever learns from it could not read
  it either. An unreadable reference, a failure or a lack of proof leaves the verdict open.

Text of a model is never evaluated: it is cut to size, cleaned of invisible characters, and parsed by grammars
alone.

Of a JSON document the answer is one field, as `answer_field` says; extraction has no part in that.

The version is `RULES/math-verify-<its version>/<extraction, or field-<name>>`. Raise `RULES` with every
change that can change a verdict, in any module this one uses, so that stored verdicts can be told apart and
given again.
"""

from functools import cache
from importlib.metadata import version
from time import perf_counter

from gristmill.sampling.records import Outcome, Problem, Response, Verdict
from gristmill.verifiers.filters import responses as response_filters
from gristmill.verifiers.filters.leaked_text import leaked
from gristmill.verifiers.filters.refusals import refusal
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.math.equality import compare_answers
from gristmill.verifiers.math.extraction import Found, boxed, find_answer
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import Extraction, VerifierSettings
from gristmill.verifiers.structure.json_document import answer_in, read_document
from gristmill.verifiers.verdict_text import storable

NAME = "math"
RULES = 4
LONGEST_ANSWER = 2000
_LONGEST_SHOWN = 300


def math_version(settings: VerifierSettings) -> str:
    found_by = settings.extraction if settings.answer_field is None else f"field-{settings.answer_field}"
    return f"{RULES}/math-verify-{_library_version()}/{found_by}"


@cache
def _library_version() -> str:
    return version("math-verify")


def verify_math(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The verdict on one response. May take as long and as much memory as SymPy likes: run it in a
    `VerifierPool`.
    """
    started = perf_counter()
    if settings.answer_field is None:
        reason, found, detail = _judged(problem, response, settings.extraction)
    else:
        reason, found, detail = _judged_by_field(problem, response, settings.answer_field)
    return Finding(reason, detail).verdict(
        NAME,
        math_version(settings),
        perf_counter() - started,
        answer=None if found is None else found.answer[:LONGEST_ANSWER],
        span=None if found is None or settings.answer_field else (found.start, found.end),
    )


def _judged(problem: Problem, response: Response, extraction: Extraction) -> tuple[Reason, Found | None, str]:
    text = response.text
    if reason := response_filters.unfinished(response) or response_filters.repetition(text):
        return reason, None, ""
    if reason := leaked(text, problem.prompt):
        return reason, None, ""
    found = find_answer(text, extraction)
    if (found is None or not _explicit(text, extraction)) and (reason := refusal(text, problem.prompt)):
        return reason, None, ""
    if found is None:
        return Reason.NO_ANSWER, None, ""
    reason, detail = _compare_found(problem.reference, found)
    return reason, found, detail


def _compare_found(reference: str, found: Found) -> tuple[Reason, str]:
    """Several parts may repeat one answer; of what is ambiguous nothing is said but that it is equal."""
    reason, detail = compare(reference, found.answer)
    if reason.outcome is not Outcome.REJECTED:
        return reason, detail
    repeated = found.parts and all(compare(reference, part)[0] is Reason.EQUAL for part in found.parts)
    if repeated or (found.sentence and compare(reference, found.sentence)[0] is Reason.EQUAL):
        return Reason.EQUAL, detail
    if found.ambiguous and reason in (Reason.WRONG_ANSWER, Reason.UNREADABLE_ANSWER):
        return Reason.UNPROVED, storable(f"not one value: {detail}")
    return reason, detail


def _judged_by_field(problem: Problem, response: Response, field: str) -> tuple[Reason, Found | None, str]:
    """For a response that is a JSON document: the field is the answer, or holds it in a box."""
    if reason := response_filters.unfinished(response) or leaked(response.text, problem.prompt):
        return reason, None, ""
    try:
        answer = answer_in(read_document(response.text), field)
    except ValueError as exc:
        return Reason.NOT_JSON, None, storable(str(exc)[:_LONGEST_SHOWN])
    if answer is None or not answer.strip():
        return Reason.NO_ANSWER, None, storable(f"no text and no number in the field {field}")
    found = boxed(answer) or Found(answer, 0, len(answer))
    reason, detail = _compare_found(problem.reference, found)
    return reason, found, detail


def _explicit(text: str, extraction: Extraction) -> bool:
    return extraction is not Extraction.LENIENT or find_answer(text, Extraction.PHRASES) is not None


def compare(reference: str, answer: str) -> tuple[Reason, str]:
    """The reason, and what was compared with what. A reference may be boxed, as sources print it."""
    if len(answer) > LONGEST_ANSWER:
        return Reason.ANSWER_TOO_LONG, f"{len(answer)} characters"
    if len(reference) > LONGEST_ANSWER:
        return Reason.UNREADABLE_REFERENCE, f"{len(reference)} characters"
    box = boxed(reference)
    wanted, given = normalise(box.answer if box else reference), normalise(answer)
    if not wanted:
        return Reason.UNREADABLE_REFERENCE, "the reference is empty"
    if not given:
        return Reason.UNREADABLE_ANSWER, "nothing readable in the answer"
    if len(wanted) > LONGEST_ANSWER:
        return Reason.UNREADABLE_REFERENCE, f"{len(wanted)} characters when normalised"
    if len(given) > LONGEST_ANSWER:
        return Reason.ANSWER_TOO_LONG, f"{len(given)} characters when normalised"
    return compare_answers(wanted, given), storable(
        f"{given[:_LONGEST_SHOWN]} against {wanted[:_LONGEST_SHOWN]}"
    )
