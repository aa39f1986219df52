import json

import pytest

from sampling.records import FinishReason, Outcome, Problem, Response
from verifiers.constraint_check import LONGEST_DETAIL, constraints_version, verify_constraints
from verifiers.reasons import Reason
from verifiers.settings import VerifierSettings

STRICT = VerifierSettings(verifier="constraints")
LOOSE = VerifierSettings(verifier="constraints", constraint_form="loose")
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
    assert constraints_version(STRICT) == "1/strict"
    assert constraints_version(LOOSE) == "1/loose"


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
