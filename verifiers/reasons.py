"""Every reason a verdict can give: a slug, the outcome it stands for, and what it means, in one line.

One slug has one meaning and one outcome, so that reasons can be counted without reading verdicts. A reason
that says something of the response rejects it; one that says something of the verifier or of the reference
leaves it undecided.
"""

from enum import StrEnum

from sampling.records import Outcome


class Reason(StrEnum):
    """Slugs of verdicts. Stored: a slug once used is not given another meaning."""

    EQUAL = "equal"
    VALID = "valid"
    TESTS_PASSED = "tests-passed"
    WRONG_ANSWER = "wrong-answer"
    NO_ANSWER = "no-answer"
    UNREADABLE_ANSWER = "unreadable-answer"
    ANSWER_TOO_LONG = "answer-too-long"
    EMPTY = "empty"
    CUT_OFF = "cut-off"
    REFUSAL = "refusal"
    REPETITION = "repetition"
    NOT_JSON = "not-json"
    SCHEMA_VIOLATION = "schema-violation"
    REGEX_MISMATCH = "regex-mismatch"
    GRAMMAR_MISMATCH = "grammar-mismatch"
    NO_CODE = "no-code"
    TESTS_FAILED = "tests-failed"
    UNREADABLE_REFERENCE = "unreadable-reference"
    OTHER_UNIT = "other-unit"
    UNPROVED = "unproved"
    TIME_OUT = "time-out"
    OUT_OF_MEMORY = "out-of-memory"
    CRASH = "crash"
    SANDBOX_FAILED = "sandbox-failed"


MEANINGS: dict[Reason, tuple[Outcome, str]] = {
    Reason.EQUAL: (Outcome.ACCEPTED, "the answer equals the reference"),
    Reason.VALID: (Outcome.ACCEPTED, "the response has the structure asked for, and that decides"),
    Reason.TESTS_PASSED: (Outcome.ACCEPTED, "the response's code passes all of the problem's tests"),
    Reason.WRONG_ANSWER: (Outcome.REJECTED, "the answer differs from the reference"),
    Reason.NO_ANSWER: (Outcome.REJECTED, "no answer stands where the extraction setting looks for one"),
    Reason.UNREADABLE_ANSWER: (
        Outcome.REJECTED,
        "the reference can be read as mathematics, the answer cannot",
    ),
    Reason.ANSWER_TOO_LONG: (Outcome.REJECTED, "the answer is too long to be one, and is not parsed"),
    Reason.EMPTY: (Outcome.REJECTED, "the response holds nothing but white space"),
    Reason.CUT_OFF: (
        Outcome.REJECTED,
        "generation did not end by itself: token limit, content filter",
    ),
    Reason.REFUSAL: (Outcome.REJECTED, "the response opens by declining the task and gives no answer"),
    Reason.REPETITION: (Outcome.REJECTED, "the response ends by repeating itself over and over"),
    Reason.NOT_JSON: (
        Outcome.REJECTED,
        "the response is not one JSON document and nothing else: prose, a fence, a key twice, NaN",
    ),
    Reason.SCHEMA_VIOLATION: (
        Outcome.REJECTED,
        "the JSON Schema forbids what stands at the path in the verdict's detail",
    ),
    Reason.REGEX_MISMATCH: (
        Outcome.REJECTED,
        "the regular expression does not match the whole response",
    ),
    Reason.GRAMMAR_MISMATCH: (Outcome.REJECTED, "the whole response is not a text of the grammar"),
    Reason.NO_CODE: (
        Outcome.REJECTED,
        "no complete fence marked as Python, and not one fence alone, stands in the response",
    ),
    Reason.TESTS_FAILED: (
        Outcome.REJECTED,
        "the response's code fails tests; the verdict's detail has each of them",
    ),
    Reason.UNREADABLE_REFERENCE: (
        Outcome.UNDECIDED,
        "the reference cannot be read, or is too long to be parsed",
    ),
    Reason.OTHER_UNIT: (
        Outcome.UNDECIDED,
        "different numbers in different units, which may be the same quantity",
    ),
    Reason.UNPROVED: (Outcome.UNDECIDED, "answer and reference could neither be proved equal nor told apart"),
    Reason.TIME_OUT: (Outcome.UNDECIDED, "the verification took longer than it may"),
    Reason.OUT_OF_MEMORY: (Outcome.UNDECIDED, "the verification needed more memory than it may"),
    Reason.CRASH: (Outcome.UNDECIDED, "the verifier failed; the verdict's detail has the traceback"),
    Reason.SANDBOX_FAILED: (Outcome.UNDECIDED, "the sandbox for the response's code did not start"),
}


def outcome_of(reason: Reason) -> Outcome:
    return MEANINGS[reason][0]
