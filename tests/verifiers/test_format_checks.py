import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.format_checks import general_fault, general_version, sound_version, verify_sound
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

PROBLEM = Problem("id", "Why is the sky blue?", "")
PLAIN = VerifierSettings(verifier="sound")
ENGLISH = VerifierSettings(verifier="sound", language="en")
BOUNDED = VerifierSettings(verifier="sound", bounds=("words>=5", "words<=40"))
LONG = VerifierSettings(verifier="sound", language="en", bounds=("words>=100",))
BOTH = VerifierSettings(verifier="sound", language="en", bounds=("words>=5",))

ANSWER = "The air scatters the blue part of the sunlight more than the red part of it."
GERMAN = "Die Luft streut den blauen Anteil des Sonnenlichts stärker als den roten Anteil davon."


def response(text: str, finish_reason: FinishReason = FinishReason.STOP) -> Response:
    return Response(text, finish_reason, 1, 1, 0.1, "model")


FAULTS = [
    (PLAIN, "", Finding(Reason.EMPTY)),
    (PLAIN, "I'm sorry, but I can't help with that.", Finding(Reason.REFUSAL)),
    (PLAIN, ANSWER + " It is so." * 200, Finding(Reason.REPETITION)),
    (ENGLISH, GERMAN, Finding(Reason.OTHER_LANGUAGE, "de (1.00), wanted en")),
    (BOUNDED, "By the air.", Finding(Reason.OUT_OF_BOUNDS, "words 3, wanted >= 5")),
    (BOUNDED, ANSWER * 3, Finding(Reason.OUT_OF_BOUNDS, "words 46, wanted <= 40")),
    (LONG, GERMAN, Finding(Reason.OTHER_LANGUAGE, "de (1.00), wanted en")),
]


@pytest.mark.parametrize(("settings", "text", "fault"), FAULTS)
def test_the_first_gate_with_something_to_say_is_the_verdict(
    settings: VerifierSettings, text: str, fault: Finding
) -> None:
    assert general_fault(PROBLEM, response(text), settings) == fault
    verdict = verify_sound(PROBLEM, response(text), settings)
    assert (verdict.outcome, verdict.reason, verdict.detail) == (Outcome.REJECTED, fault.reason, fault.detail)


@pytest.mark.parametrize("settings", [PLAIN, ENGLISH, BOUNDED, BOTH])
def test_a_response_that_no_gate_stops_is_sound(settings: VerifierSettings) -> None:
    verdict = verify_sound(PROBLEM, response(ANSWER), settings)
    assert (verdict.outcome, verdict.reason) == (Outcome.ACCEPTED, Reason.SOUND)
    assert (verdict.verifier, verdict.version) == ("sound", sound_version(settings))


def test_a_response_that_was_cut_off_is_that_before_anything_else() -> None:
    for text in (ANSWER, GERMAN, "I can't help with that"):
        verdict = verify_sound(PROBLEM, response(text, FinishReason.LENGTH), BOTH)
        assert verdict.reason is Reason.CUT_OFF


@pytest.mark.parametrize("text", ["Ja.", "42", "x = 3", "📷 📷 📷", "Madrid, Barcelona, Sevilla"])
def test_a_text_whose_language_is_not_sure_is_in_no_other(text: str) -> None:
    assert general_fault(PROBLEM, response(text), ENGLISH) is None


def test_a_language_is_not_asked_for_unless_it_is_set() -> None:
    assert general_fault(PROBLEM, response(GERMAN), PLAIN) is None
    assert general_fault(PROBLEM, response(GERMAN), VerifierSettings(verifier="sound", language="de")) is None


def test_the_version_has_all_that_the_gates_depend_on() -> None:
    settings = [PLAIN, ENGLISH, BOUNDED, BOTH, VerifierSettings(verifier="sound", bounds=("words>=6",))]
    assert len({sound_version(each) for each in settings}) == len(settings)
    assert sound_version(PLAIN) == f"1/{general_version(PLAIN)}" == "1/gates-2"
    assert general_version(ENGLISH).startswith("gates-2/language-en-")
    toxic = VerifierSettings(verifier="sound", bounds=("toxicity<0.5",))
    assert general_version(toxic).rpartition("/")[2].startswith("toxicity-")


def test_bounds_that_say_the_same_have_the_same_version() -> None:
    spaced = VerifierSettings(verifier="sound", bounds=(" words >= 5.0", "words <= 40"))
    assert sound_version(spaced) == sound_version(BOUNDED)


@given(st.text(st.characters()), st.sampled_from([PLAIN, BOTH]))
def test_any_text_gets_a_verdict_that_can_be_stored(text: str, settings: VerifierSettings) -> None:
    verdict = verify_sound(PROBLEM, response(text), settings)
    assert verdict.outcome is not Outcome.UNDECIDED
    assert "\0" not in verdict.detail
    verdict.detail.encode()
