import json

import pytest

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers.constraints import read_constraints
from gristmill.verifiers.constraints.verify import LONGEST_DETAIL, constraints_version, verify_constraints
from gristmill.verifiers.format_checks import general_version
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

STRICT = VerifierSettings(verifier="constraints")
LOOSE = VerifierSettings(verifier="constraints", constraint_form="loose")
ENGLISH = "The weather is very nice today, and we are going to the garden with the children."
REFERENCE = json.dumps(
    [
        {"kind": "words-at-most", "args": {"count": 5}},
        {"kind": "no-commas"},
        {"kind": "starts-with", "args": {"phrase": "Yes"}},
    ]
)


def problem(reference: str = REFERENCE) -> Problem:
    return Problem("id", "Is it so?\n\nWrite at most 5 words.", reference)


def response(text: str, finish_reason: FinishReason = FinishReason.STOP) -> Response:
    return Response(text, finish_reason, 1, 1, 0.1, "model")


@pytest.mark.parametrize(
    ("text", "settings", "reason"),
    [
        ("Yes it is so.", STRICT, Reason.CONSTRAINTS_MET),
        ("Yes, it is so.", STRICT, Reason.CONSTRAINT_VIOLATED),
        ("Sure:\nYes it is so.", STRICT, Reason.CONSTRAINT_VIOLATED),
        ("Sure:\nYes it is so.", LOOSE, Reason.CONSTRAINTS_MET),
        ("**Yes** it is so.", LOOSE, Reason.CONSTRAINTS_MET),
        ("Yes, it is so.", LOOSE, Reason.CONSTRAINT_VIOLATED),
        # Each constraint may be satisfied by another variant: IFEval's loose form is that indulgent.
        ("Sure:\nYes, it is so.", LOOSE, Reason.CONSTRAINTS_MET),
        (" \n", STRICT, Reason.EMPTY),
        ("Yes it is so. " + "-" * 2000, STRICT, Reason.REPETITION),
    ],
)
def test_a_response_is_accepted_where_every_constraint_is_satisfied(
    text: str, settings: VerifierSettings, reason: Reason
) -> None:
    verdict = verify_constraints(problem(), response(text), settings)
    assert verdict.reason is reason
    met = reason is Reason.CONSTRAINTS_MET
    assert verdict.outcome is (Outcome.ACCEPTED if met else Outcome.REJECTED)
    assert (verdict.verifier, verdict.version) == ("constraints", constraints_version(settings))
    assert bool(verdict.detail) is (reason is Reason.CONSTRAINT_VIOLATED)


def test_the_version_names_the_rules_and_the_form() -> None:
    assert constraints_version(STRICT) == f"1/strict/{general_version(STRICT)}"
    assert constraints_version(LOOSE) == f"1/loose/{general_version(LOOSE)}"
    bound = STRICT.model_copy(update={"bounds": ("words>=2",)})
    assert constraints_version(bound).startswith("1/strict/gates-")
    assert constraints_version(bound) != constraints_version(STRICT)


def test_the_gates_come_before_the_constraints() -> None:
    no_digits = problem('[{"kind": "no-digits"}]')
    declined = response("I'm sorry, but I can't assist with that request.")
    assert verify_constraints(no_digits, declined, STRICT).reason is Reason.REFUSAL
    short = STRICT.model_copy(update={"bounds": ("words>=20",)})
    verdict = verify_constraints(no_digits, response("It is so."), short)
    assert (verdict.reason, bool(verdict.detail)) == (Reason.OUT_OF_BOUNDS, True)
    german = STRICT.model_copy(update={"language": "de"})
    assert verify_constraints(no_digits, response(ENGLISH), german).reason is Reason.OTHER_LANGUAGE
    assert verify_constraints(no_digits, response(ENGLISH), STRICT).reason is Reason.CONSTRAINTS_MET


def test_a_constraint_on_the_language_takes_the_place_of_the_recipes_language() -> None:
    german = STRICT.model_copy(update={"language": "de"})
    english = problem('[{"kind": "language", "args": {"language": "en"}}]')
    assert verify_constraints(english, response(ENGLISH), german).reason is Reason.CONSTRAINTS_MET


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ('[{"kind": "json-only"}]', '{"answer": "I cannot help with that."}'),
        ('[{"kind": "choice", "args": {"options": ["I can", "I cannot"]}}]', "I cannot"),
        ('[{"kind": "choice", "args": {"options": ["No.", "Sorry."]}}]', "Sorry."),
    ],
)
def test_an_answer_that_is_asked_for_is_no_refusal(reference: str, text: str) -> None:
    assert verify_constraints(problem(reference), response(text), STRICT).reason is Reason.CONSTRAINTS_MET


def test_conditions_that_are_repeated_with_the_request_are_no_answer() -> None:
    kinds = [{"kind": "repeat-prompt", "args": {"prompt": "Do x."}}, {"kind": "no-digits"}]
    both = problem(json.dumps(kinds))
    told = read_constraints(json.dumps(kinds))[1].sentence()
    assert verify_constraints(both, response("Do x. It is done."), STRICT).reason is Reason.CONSTRAINTS_MET
    for text in (f"Do x.\n\n{told}", f"Do x. {told} It is done."):
        verdict = verify_constraints(both, response(text), STRICT)
        assert verdict.reason is Reason.CONSTRAINT_VIOLATED, text
        assert verdict.detail.startswith("repeat-prompt: the added conditions")


def test_the_detail_has_a_line_for_every_violated_constraint_and_no_other() -> None:
    verdict = verify_constraints(problem(), response("Yes, but it is not quite so, is it?"), STRICT)
    assert verdict.detail == "words-at-most: 9 words, at most 5 wanted\nno-commas: 2 commas, none wanted"


def test_a_response_that_was_cut_off_is_that_before_anything_else() -> None:
    cut = response("Yes", FinishReason.LENGTH)
    assert verify_constraints(problem(), cut, STRICT).reason is Reason.CUT_OFF
    assert verify_constraints(problem("none"), cut, STRICT).reason is Reason.CUT_OFF


@pytest.mark.parametrize("reference", ["", "42", "[]", '[{"kind": "haiku"}]', '[{"kind": "\\ud800\\u0000"}]'])
def test_a_reference_that_cannot_be_read_leaves_the_response_open(reference: str) -> None:
    verdict = verify_constraints(problem(reference), response("Yes"), STRICT)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.UNREADABLE_REFERENCE)
    assert verdict.detail


def test_the_detail_is_bounded_and_can_be_stored() -> None:
    phrases = [{"kind": "starts-with", "args": {"phrase": f"{number} " + "x" * 190}} for number in range(3)]
    words = [
        {
            "kind": "words-forbidden",
            "args": {"words": [f"{'w' * 150}{number}{letter}" for number in range(10)]},
        }
        for letter in "abcde"
    ]
    text = "\0\ud800 " + " ".join(
        f"{'w' * 150}{number}{letter}" for number in range(10) for letter in "abcde"
    )
    verdict = verify_constraints(problem(json.dumps(phrases + words)), response(text), STRICT)
    assert verdict.reason is Reason.CONSTRAINT_VIOLATED
    assert len(verdict.detail) <= LONGEST_DETAIL
    assert len(verdict.detail.split("\n")) == 8
    verdict.detail.encode()
    assert "\0" not in verdict.detail
