from gristmill.sampling.records import Outcome, Verdict
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason


def test_a_verdict_has_the_outcome_of_its_reason_and_texts_that_can_be_stored() -> None:
    found = Finding(Reason.UNGROUNDED, "a\0\ud800").verdict("name", "1", 0.5, answer="\0", span=(0, 1))
    shown = ("a\ufffd?", "\ufffd", (0, 1), 0.5)
    assert found == Verdict(Outcome.REJECTED, Reason.UNGROUNDED, "name", "1", *shown)
