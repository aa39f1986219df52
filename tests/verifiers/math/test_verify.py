from pathlib import Path

import pytest

import gristmill.verifiers
from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers.math.verify import LONGEST_ANSWER, compare, math_version, verify_math
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import Extraction, VerifierSettings

SETTINGS = VerifierSettings()


def problem(reference: str) -> Problem:
    return Problem("id", "prompt", reference)


def response(text: str, finish_reason: FinishReason = FinishReason.STOP) -> Response:
    return Response(text, finish_reason, 1, 1, 0.1, "model")


def test_a_verdict_says_what_was_compared_and_where_it_stood() -> None:
    text = r"First 2+3. So \boxed{ 5 } it is."
    verdict = verify_math(problem("5"), response(text), SETTINGS)
    assert (verdict.outcome, verdict.reason) == (Outcome.ACCEPTED, Reason.EQUAL)
    assert verdict.answer == "5"
    assert verdict.span is not None
    assert text[slice(*verdict.span)] == "5"
    assert verdict.detail == "5 against 5"
    assert verdict.seconds > 0


def test_the_version_names_rules_library_and_extraction() -> None:
    rules, library, extraction = math_version(SETTINGS).split("/")
    assert rules.isdigit()
    assert library.startswith("math-verify-0.")
    assert extraction == "phrases"
    assert math_version(VerifierSettings(extraction=Extraction.LENIENT)) != math_version(SETTINGS)
    assert verify_math(problem("5"), response("5"), SETTINGS).version == math_version(SETTINGS)


REASONS = [
    ("5", "", FinishReason.STOP, Reason.EMPTY),
    ("5", r"\boxed{5}", FinishReason.LENGTH, Reason.CUT_OFF),
    ("5", r"\boxed{5}", FinishReason.OTHER, Reason.CUT_OFF),
    ("5", "I'm sorry, but I can't help with that.", FinishReason.STOP, Reason.REFUSAL),
    (
        "5",
        r"I'm sorry, I can't solve it by algebra, but by trial: \boxed{5}",
        FinishReason.STOP,
        Reason.EQUAL,
    ),
    ("5", r"\boxed{5}" + " and so on" * 200, FinishReason.STOP, Reason.REPETITION),
    ("5", "It is five or so", FinishReason.STOP, Reason.NO_ANSWER),
    ("5", r"\boxed{6}", FinishReason.STOP, Reason.WRONG_ANSWER),
    ("5", r"\boxed{" + "x+" * LONGEST_ANSWER + "}", FinishReason.STOP, Reason.ANSWER_TOO_LONG),
    ("5", r"\boxed{\oops{}", FinishReason.STOP, Reason.NO_ANSWER),
    ("5", r"\boxed{\oops{}}", FinishReason.STOP, Reason.UNREADABLE_ANSWER),
    (r"\oops{}", r"\boxed{5}", FinishReason.STOP, Reason.UNREADABLE_REFERENCE),
    ("", r"\boxed{5}", FinishReason.STOP, Reason.UNREADABLE_REFERENCE),
    ("9" * 3000, r"\boxed{5}", FinishReason.STOP, Reason.UNREADABLE_REFERENCE),
    ("500 cm", r"\boxed{5\text{ m}}", FinishReason.STOP, Reason.OTHER_UNIT),
    (r"\boxed{5}", r"\boxed{5}", FinishReason.STOP, Reason.EQUAL),
    ("5", rf"\boxed{{{'½' * 1900}}}", FinishReason.STOP, Reason.ANSWER_TOO_LONG),
    ("½" * 1900, r"\boxed{5}", FinishReason.STOP, Reason.UNREADABLE_REFERENCE),
]


@pytest.mark.parametrize(("reference", "text", "finish_reason", "reason"), REASONS)
def test_each_reason_is_given_for_what_it_means(
    reference: str, text: str, finish_reason: FinishReason, reason: Reason
) -> None:
    assert verify_math(problem(reference), response(text, finish_reason), SETTINGS).reason is reason


def test_a_refusal_with_a_number_in_it_is_a_refusal_under_lenient() -> None:
    lenient = VerifierSettings(extraction=Extraction.LENIENT)
    text = "I'm sorry, but I cannot solve this; my knowledge ends in 2021."
    assert verify_math(problem("2021"), response(text), lenient).reason is Reason.REFUSAL


# The vectors of nbs/04_eval.ipynb in hkust-nlp/dart-math: (reference, answer, equal there, equal here).
# Two are stricter here: no factor of a hundred without a percent sign, and a tuple keeps its order.
DART_MATH = [
    ("3.54*10^{-7}", "3.54e-07", True, True), (r"\frac{1}{2}", "0.5", True, True),
    ("1", "100", False, False), ("100", "1", False, False), ("3.04", "0.0304", True, False),
    ("x<-1", "x>3", False, False), ("1+2,2+1", "2+1,1+2", True, True), ("0.1+0.2", "0.3", True, True),
    ("x + y", "y + x", True, True), ("1,234", "1234", True, True), ("12,34", "(12,34)", True, True),
    (r"\$ 5", "5", True, True), (r"3 * \sqrt{13}", r"3\sqrt{13}", True, True),
    (r"(3,\pi/2)", r"(3,\frac{\pi}{2})", True, True), ("23000", r"\$23{,}000", True, True),
    (r"\left(1,2\right)", r"\left(2,1\right)", True, False), ("White", "white", True, True),
    ("[0,3)", "[0,1]", False, False), ("1001.5", "1001", False, False),
    (r"\frac{2003}{2}", "1001", False, False), (r"251,7\\ \noindent", "0", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "answer", "there", "here"), DART_MATH)
def test_the_vectors_of_dart_math(reference: str, answer: str, there: bool, here: bool) -> None:
    assert compare(reference, answer)[0] is (Reason.EQUAL if here else Reason.WRONG_ANSWER)
    assert there or not here  # stricter, never more lenient


@pytest.mark.parametrize("mark", ["\0", "\ud800", "\u202e", "\u200b", "\ufeff"])
def test_invisible_characters_neither_count_nor_reach_the_store(mark: str) -> None:
    verdict = verify_math(problem("5"), response(rf"\boxed{{{mark}5{mark}}}"), SETTINGS)
    assert verdict.outcome is Outcome.ACCEPTED
    stored = f"{verdict.answer}{verdict.detail}"
    assert "\0" not in stored
    stored.encode("utf-8")


IN_THE_SANDBOX = {
    "asserting.py", "cell_runner.py", "environment.py", "program.py", "runner.py", "solution.py",
}  # fmt: skip
"""Modules that run there, or hold the text of what does."""


def test_no_module_evaluates_text() -> None:
    modules = [*Path(gristmill.verifiers.__file__).parent.rglob("*.py")]
    assert len(modules) > 90
    for module in (each for each in modules if each.name not in IN_THE_SANDBOX):
        source = module.read_text(encoding="utf-8").replace("re.compile(", "")
        for call in ("eval(", "exec(", "compile(", "parse_expr(", "sympify(", "ExprExtractionConfig("):
            assert call not in source.replace("evalf(", ""), (module.name, call)
