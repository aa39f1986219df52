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
    WRONG_ANSWER = "wrong-answer"
    NO_ANSWER = "no-answer"
    UNREADABLE_ANSWER = "unreadable-answer"
    ANSWER_TOO_LONG = "answer-too-long"
    EMPTY = "empty"
    CUT_OFF = "cut-off"
    REFUSAL = "refusal"
    REPETITION = "repetition"
    UNREADABLE_REFERENCE = "unreadable-reference"
    OTHER_UNIT = "other-unit"
    UNPROVED = "unproved"
    TIME_OUT = "time-out"
    OUT_OF_MEMORY = "out-of-memory"
    CRASH = "crash"


MEANINGS: dict[Reason, tuple[Outcome, str]] = {
    Reason.EQUAL: (Outcome.ACCEPTED, "the answer equals the reference"),
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
}


def outcome_of(reason: Reason) -> Outcome:
    return MEANINGS[reason][0]
