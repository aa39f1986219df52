from gristmill.sampling.records import Outcome
from gristmill.verifiers.reasons import Reason


def test_no_two_reasons_have_one_meaning() -> None:
    meanings = [reason.meaning for reason in Reason]
    assert all(meanings)
    assert len(set(meanings)) == len(meanings)
    assert not [meaning for meaning in meanings if "\n" in meaning or meaning.endswith(".")]


def test_what_fails_in_the_verifier_never_rejects_a_response() -> None:
    for reason in (Reason.TIME_OUT, Reason.CRASH, Reason.OUT_OF_MEMORY, Reason.UNREADABLE_REFERENCE):
        assert reason.outcome is Outcome.UNDECIDED


def test_a_cut_off_response_counts_as_wrong() -> None:
    assert Reason.CUT_OFF.outcome is Outcome.REJECTED


def test_only_what_decides_for_a_response_or_a_candidate_accepts() -> None:
    accepting = {reason for reason in Reason if reason.outcome is Outcome.ACCEPTED}
    deciding = {Reason.EQUAL, Reason.VALID, Reason.TESTS_PASSED, Reason.CONSTRAINTS_MET, Reason.GROUNDED}
    assert accepting == deciding | {Reason.RUBRIC_PASSED, Reason.SOUND, Reason.NEW}
