"""The source that a reference holds: how it is read, what it leaves undecided, and twenty of one kind."""

import pytest

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers.grounding.verify import grounding_version, read_source, verify_grounding
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings
from tests.verifiers.grounding.passages import PASSAGE, QUOTE, SETTINGS, reference, verdict_on


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "1.5 mm",
        "[]",
        "null",
        '{"passage": "text"}',
        '{"passage": 1, "answer": "", "quote": ""}',
        '{"passage": " ", "answer": "", "quote": ""}',
        '{"passage": "a", "passage": "b", "answer": "", "quote": ""}',
        "[" * 100_000,
        "1" * 10_000,
        "\ud800\0",
    ],
)
def test_a_reference_that_is_no_source_leaves_it_undecided(broken: str) -> None:
    response = Response('"one two three"', FinishReason.STOP, 1, 1, 0.1, "model")
    verdict = verify_grounding(Problem("id", "", broken), response, SETTINGS)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.UNREADABLE_REFERENCE)
    assert verdict.detail


def test_the_gates_come_before_the_source() -> None:
    response = Response(" ", FinishReason.STOP, 1, 1, 0.1, "model")
    assert verify_grounding(Problem("id", "", ""), response, SETTINGS).reason is Reason.EMPTY
    bounded = VerifierSettings(verifier="grounding", bounds=("words>=5",))
    short = Response('"one two three"', FinishReason.STOP, 1, 1, 0.1, "model")
    assert verify_grounding(Problem("id", "", ""), short, bounded).reason is Reason.OUT_OF_BOUNDS
    assert grounding_version(bounded) != grounding_version(SETTINGS)


def test_a_source_is_read_from_its_reference() -> None:
    source = read_source(reference())
    assert (source.passage, source.answer, source.quote) == (PASSAGE, "1.5 mm", "rose by 1.5 mm a year")


STATIONS = """
    Abisko Barrow Canberra Davos Egilsay Faro Gander Hilo Irkutsk Jena
    Kiruna Lerwick Malta Nuuk Oulu Perth Quito Riga Sodankyla Tromso
"""
DOCUMENTS = [
    f"Station {name} lies {10 * place + 3} m above the sea. In {1900 + place} it measured a mean of "
    f"{place}.{place % 9 + 1} degrees over {place + 100} days. The forest nearby has grown since then."
    for place, name in enumerate(STATIONS.split(), 1)
]


def measured(place: int) -> str:
    return f"{place}.{place % 9 + 1} degrees"


def clean(place: int) -> str:
    """An answer that rests on document `place`, counted from 1."""
    return (
        f'1. The record says "measured a mean of {place}.{place % 9 + 1} degrees" for {1900 + place}.\n'
        f"2. It also says that “it measured a\nmean” over {place + 100} days."
    )


HALLUCINATED = {
    2: ('The record says "measured a mean of 9.9 degrees" for 1902.', Reason.UNGROUNDED),
    5: ('It "measured a mean of 5.6 degrees" over 365 days.', Reason.UNGROUNDED),
    9: ("The mean was 9.1 degrees in 1909, as the record says.", Reason.NO_CITATION),
    14: (clean(13).splitlines()[0], Reason.UNGROUNDED),
    20: ('It "measured a mean of 20.3 degrees", and "the glacier has vanished since".', Reason.UNGROUNDED),
}


def test_planted_hallucinations_are_caught_and_no_clean_answer_is_lost() -> None:
    assert len(DOCUMENTS) == 20
    for place, document in enumerate(DOCUMENTS, 1):
        verdict = verdict_on(clean(place), document, answer=measured(place), quote="it measured a mean")
        assert verdict.reason is Reason.GROUNDED, (document, verdict.detail)
        assert verdict.answer is not None
        assert verdict.answer in document
    for place, (text, reason) in HALLUCINATED.items():
        verdict = verdict_on(text, DOCUMENTS[place - 1], answer=measured(place), quote="it measured a mean")
        assert verdict.reason is reason, text


def test_a_source_without_matter_leaves_any_quotation() -> None:
    for answer, quote, reason in [
        ("Yes.", "", Reason.GROUNDED),
        ("It did.", "not of the passage", Reason.GROUNDED),
        ("It did.", QUOTE, Reason.UNGROUNDED),
    ]:
        assert (
            verdict_on('It "call this"... "Scientists call this".', answer=answer, quote=quote).reason
            is reason
        )
