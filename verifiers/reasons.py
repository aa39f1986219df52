"""Every reason a verdict can give: a slug, the outcome it stands for, and what it means, in one line.

Verdicts are given on responses, and on candidates: the instructions that a response proposes.

One slug has one meaning and one outcome, so that reasons can be counted without reading verdicts. A reason
that says something of the response rejects it; one that says something of the verifier or of the reference
leaves it undecided.
"""

from enum import StrEnum

from gristmill.sampling.records import Outcome


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
    CONSTRAINTS_MET = "constraints-met"
    GROUNDED = "grounded"
    RUBRIC_PASSED = "rubric-passed"
    SOUND = "sound"
    NEW = "new"
    CONSTRAINT_VIOLATED = "constraint-violated"
    OTHER_LANGUAGE = "other-language"
    OUT_OF_BOUNDS = "out-of-bounds"
    UNGROUNDED = "ungrounded"
    NO_CITATION = "no-citation"
    RUBRIC_FAILED = "rubric-failed"
    UNPARSABLE = "unparsable"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    BLOCKED = "blocked"
    NOT_FOR_TEXT = "not-for-text"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near-duplicate"
    CONTAMINATED = "contaminated"
    MISALIGNED = "misaligned"
    CONTENT_LOST = "content-lost"
    CONFLICTING = "conflicting"
    UNLIKE_SEEDS = "unlike-seeds"
    BEYOND_TARGET = "beyond-target"
    UNSCORED = "unscored"
    UNREADABLE_JUDGEMENT = "unreadable-judgement"
    JUDGE_INCONSISTENT = "judge-inconsistent"
    JUDGE_FAILED = "judge-failed"


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
    Reason.CONSTRAINTS_MET: (Outcome.ACCEPTED, "the response satisfies every constraint of the problem"),
    Reason.GROUNDED: (Outcome.ACCEPTED, "what the response cites stands word for word in the source"),
    Reason.RUBRIC_PASSED: (Outcome.ACCEPTED, "the judge model's score reaches what the rubric asks for"),
    Reason.SOUND: (Outcome.ACCEPTED, "the response passes every gate, and nothing else decides"),
    Reason.NEW: (Outcome.ACCEPTED, "the candidate passes every gate and becomes a problem"),
    Reason.CONSTRAINT_VIOLATED: (
        Outcome.REJECTED,
        "the response breaks a constraint; the verdict's detail names each",
    ),
    Reason.OTHER_LANGUAGE: (Outcome.REJECTED, "the text is in another language than the one asked for"),
    Reason.OUT_OF_BOUNDS: (Outcome.REJECTED, "a metric of the response is outside the recipe's bounds"),
    Reason.UNGROUNDED: (
        Outcome.REJECTED,
        "a cited span is not in the source, or the answer says what the source does not",
    ),
    Reason.NO_CITATION: (Outcome.REJECTED, "the text cites nothing of its source"),
    Reason.RUBRIC_FAILED: (Outcome.REJECTED, "the judge model's score is below what the rubric asks for"),
    Reason.UNPARSABLE: (Outcome.REJECTED, "no instruction stands in the response in the form asked for"),
    Reason.TOO_SHORT: (Outcome.REJECTED, "the candidate has fewer words than an instruction should have"),
    Reason.TOO_LONG: (Outcome.REJECTED, "the candidate has more words than an instruction should have"),
    Reason.BLOCKED: (Outcome.REJECTED, "the candidate holds an entry of the blocklist"),
    Reason.NOT_FOR_TEXT: (Outcome.REJECTED, "the candidate asks for what a text model cannot do"),
    Reason.DUPLICATE: (Outcome.REJECTED, "the candidate is one met before, up to case and punctuation"),
    Reason.NEAR_DUPLICATE: (Outcome.REJECTED, "the candidate is too close to one accepted before"),
    Reason.CONTAMINATED: (Outcome.REJECTED, "the candidate shares its text with a benchmark"),
    Reason.MISALIGNED: (Outcome.REJECTED, "the instruction does not make its fragment likelier"),
    Reason.CONTENT_LOST: (Outcome.REJECTED, "the candidate lost numbers or names of the one it refines"),
    Reason.CONFLICTING: (Outcome.REJECTED, "constraints of the candidate contradict each other"),
    Reason.UNLIKE_SEEDS: (Outcome.REJECTED, "the discriminator tells the candidate from the seeds"),
    Reason.BEYOND_TARGET: (Outcome.UNDECIDED, "the target was met before the candidate came up"),
    Reason.UNSCORED: (Outcome.UNDECIDED, "the server gave no log probabilities for the fragment"),
    Reason.UNREADABLE_JUDGEMENT: (Outcome.UNDECIDED, "the judge model's answer cannot be read"),
    Reason.JUDGE_INCONSISTENT: (
        Outcome.UNDECIDED,
        "the judge model contradicts itself when the order is swapped",
    ),
    Reason.JUDGE_FAILED: (Outcome.UNDECIDED, "the judge model gave no answer"),
}


def outcome_of(reason: Reason) -> Outcome:
    return MEANINGS[reason][0]
