"""Every reason a verdict can give: a slug, the outcome it stands for, and what it means, in one line.

Verdicts are given on responses, and on candidates: the instructions that a response proposes.

One slug has one meaning and one outcome, so that reasons can be counted without reading verdicts. A reason
that says something of the response rejects it; one that says something of the verifier or of the reference
leaves it undecided.
"""

from enum import StrEnum
from typing import Self

from gristmill.sampling.records import Outcome

_YES, _NO, _OPEN = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED


class Reason(StrEnum):
    """Slugs of verdicts. Stored: a slug once used is not given another meaning."""

    outcome: Outcome
    meaning: str

    def __new__(cls, slug: str, outcome: Outcome = _OPEN, meaning: str = "") -> Self:
        """The defaults are for type checkers, which take the look-up `Reason(slug)` for a call of this."""
        reason = str.__new__(cls, slug)
        reason._value_ = slug
        reason.outcome, reason.meaning = outcome, meaning
        return reason

    EQUAL = "equal", _YES, "the answer equals the reference"
    VALID = "valid", _YES, "the response has the structure asked for, and that decides"
    TESTS_PASSED = "tests-passed", _YES, "the response's code passes all of the problem's tests"
    WRONG_ANSWER = "wrong-answer", _NO, "the answer differs from the reference"
    NO_ANSWER = "no-answer", _NO, "no answer stands where the extraction setting looks for one"
    UNREADABLE_ANSWER = (
        "unreadable-answer",
        _NO,
        "the reference can be read as mathematics, the answer cannot",
    )
    ANSWER_TOO_LONG = "answer-too-long", _NO, "the answer is too long to be one, and is not parsed"
    EMPTY = "empty", _NO, "the response holds nothing but white space"
    CUT_OFF = (
        "cut-off",
        _NO,
        "generation did not end by itself, or does not say that it did: token limit, content filter",
    )
    REFUSAL = "refusal", _NO, "the response opens by declining the task and gives no answer"
    REPETITION = "repetition", _NO, "the response ends by repeating itself over and over"
    LEAKED_TOKEN = "leaked-token", _NO, "a control token of a chat template stands in the response"
    LEAKED_TURN = (
        "leaked-turn",
        _NO,
        "the response goes on with, or begins by, a turn of a chat nobody asked for",
    )
    PLACEHOLDER = (
        "placeholder",
        _NO,
        "the response leaves a blank to be filled in, such as [Your answer here]",
    )
    PROMPT_ECHO = "prompt-echo", _NO, "the response says the prompt again, and nothing else"
    NO_RESPONSE = "no-response", _NO, "the response is a word for nothing, such as N/A or <nooutput>"
    ASKS_FOR_INPUT = "asks-for-input", _NO, "the response asks for material instead of answering"
    NOT_JSON = (
        "not-json",
        _NO,
        "the response is not one JSON document and nothing else: prose, a fence, a key twice, NaN",
    )
    SCHEMA_VIOLATION = (
        "schema-violation",
        _NO,
        "the JSON Schema forbids what stands at the path in the verdict's detail",
    )
    REGEX_MISMATCH = "regex-mismatch", _NO, "the regular expression does not match the whole response"
    GRAMMAR_MISMATCH = "grammar-mismatch", _NO, "the whole response is not a text of the grammar"
    NO_CODE = (
        "no-code",
        _NO,
        "no complete fence marked as Python, and not one fence alone, stands in the response",
    )
    TESTS_FAILED = (
        "tests-failed",
        _NO,
        "the response's code fails tests; the verdict's detail has each of them",
    )
    UNREADABLE_REFERENCE = (
        "unreadable-reference",
        _OPEN,
        "the reference cannot be read, or is too long to be parsed",
    )
    OTHER_UNIT = "other-unit", _OPEN, "different numbers in different units, which may be the same quantity"
    UNPROVED = "unproved", _OPEN, "answer and reference could neither be proved equal nor told apart"
    TIME_OUT = "time-out", _OPEN, "the verification took longer than it may"
    OUT_OF_MEMORY = (
        "out-of-memory",
        _OPEN,
        "the verification needs more memory than it may, or the texts are too long to try",
    )
    CRASH = "crash", _OPEN, "the verifier failed; the verdict's detail has the traceback, or the signal"
    SANDBOX_FAILED = "sandbox-failed", _OPEN, "the sandbox for the response's code did not start"
    CONSTRAINTS_MET = "constraints-met", _YES, "the response satisfies every constraint of the problem"
    GROUNDED = "grounded", _YES, "what the response cites stands word for word in the source"
    RUBRIC_PASSED = (
        "rubric-passed",
        _YES,
        "the judge model prefers the response, or scores it as high as the rubric asks",
    )
    SOUND = "sound", _YES, "the response passes every filter, and nothing else decides"
    NEW = "new", _YES, "the candidate passes every filter and becomes a problem"
    CONSTRAINT_VIOLATED = (
        "constraint-violated",
        _NO,
        "the response breaks a constraint; the verdict's detail names each",
    )
    OTHER_LANGUAGE = "other-language", _NO, "the text is in another language than the one asked for"
    OUT_OF_BOUNDS = "out-of-bounds", _NO, "a metric of the response is outside the recipe's bounds"
    UNGROUNDED = (
        "ungrounded",
        _NO,
        "a cited span is not in the source, or the answer says what the source does not",
    )
    NO_CITATION = "no-citation", _NO, "the text cites nothing of its source"
    RUBRIC_FAILED = (
        "rubric-failed",
        _NO,
        "the judge model prefers the other, or scores it lower than the rubric asks",
    )
    UNPARSABLE = "unparsable", _NO, "no instruction stands in the response in the form asked for"
    TOO_SHORT = "too-short", _NO, "the candidate has fewer words than an instruction should have"
    TOO_LONG = "too-long", _NO, "the candidate has more words than an instruction should have"
    BLOCKED = "blocked", _NO, "the candidate holds an entry of the blocklist"
    NOT_FOR_TEXT = "not-for-text", _NO, "the candidate asks for what a text model cannot do"
    DUPLICATE = "duplicate", _NO, "the candidate is one met before, up to case and punctuation"
    NEAR_DUPLICATE = "near-duplicate", _NO, "the candidate is too close to one accepted before"
    CONTAMINATED = "contaminated", _NO, "the candidate shares its text with a benchmark"
    MISALIGNED = "misaligned", _NO, "the instruction does not make its fragment likelier"
    CONTENT_LOST = "content-lost", _NO, "the candidate lost numbers or names of the one it refines"
    CONFLICTING = "conflicting", _NO, "constraints of the candidate contradict each other"
    UNLIKE_SEEDS = "unlike-seeds", _NO, "the discriminator tells the candidate from the seeds"
    BEYOND_TARGET = "beyond-target", _OPEN, "the target was met before the candidate came up"
    UNSCORED = "unscored", _OPEN, "the server gave no log probabilities for the fragment"
    UNREADABLE_JUDGEMENT = "unreadable-judgement", _OPEN, "the judge model's answer cannot be read"
    JUDGE_INCONSISTENT = (
        "judge-inconsistent",
        _OPEN,
        "the judge model contradicts itself when the order is swapped",
    )
    JUDGE_FAILED = "judge-failed", _OPEN, "the judge model gave no answer"
