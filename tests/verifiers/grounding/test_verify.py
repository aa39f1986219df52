"""What is grounded in a passage and what is not, by its quotations and by what stands outside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.records import Outcome
from gristmill.verifiers.grounding.quotations import span_in
from gristmill.verifiers.grounding.verify import grounding_version
from gristmill.verifiers.reasons import Reason
from tests.verifiers.grounding.passages import SETTINGS, verdict_on

GROUNDED = {
    "straight quotes": 'It rose: "the mean sea level rose by 1.5 mm a year".',
    "curly quotes": "It rose: “the mean sea level rose by 1.5 mm a year”.",
    "low and angle quotes": "It rose: „sea level rose by“, «by 1.5 mm a year».",
    "white space runs": 'It rose "by 3.6 mm in the last twelve  years".',
    "quotes inside": "They write: “call this 'an unequivocal acceleration'”, “by 1.5 mm a year”.",
    "a line break in the quotation": 'It "rose by 1.5 mm a year, and\nby 3.6 mm".',
    "a comma of the response's own": 'As "the mean sea level rose," it accelerated.',
    "a full stop of the response's own": 'So "the mean sea level rose."',
    "a scare quote": 'The "acceleration" is "an unequivocal acceleration", "by 1.5 mm a year".',
    "numbers of the passage": 'It "rose by 1.5 mm a year" from 1901 to 2018, by 1000 gauges.',
    "a number word of the passage": 'It "rose by 1.5 mm a year", later for 12 years.',
    "a numbered list": '1. It "rose by 1.5 mm a year" [1].\n2. The level rose.\n3. It was read [2].',
    "a name that says more": 'It "rose by 1.5 mm a year", an acceleration that scientists call unequivocal.',
    "ellipses": 'It "...rose by 1.5 mm a year…".',
    "editorial brackets": 'So "[It] rose by 1.5 mm [sic] a year".',
    "an editorial letter": '"[T]he mean sea level rose" by 1.5 mm.',
    "an exclamation mark": 'It "rose by 1.5 mm a year!"',
    "a semicolon": 'It "rose by 1.5 mm a year;" so.',
    "doubled quotes": 'It ""rose by 1.5 mm a year"".',
    "two single quotes": "It ''rose by 1.5 mm a year'' and ``rose by 1.5 mm a year''.",
    "quotes turned round": "It »rose by 1.5 mm a year« and 「rose by 1.5 mm」.",
    "high reversed quotes": "It ‟rose by 1.5 mm a year”.",
    "a blank line in the quotation": 'It "rose by 1.5\n\nmm a year".',
    "inches": 'A 12" gauge, and "the mean sea level rose" there.',
}


@pytest.mark.parametrize("text", GROUNDED.values(), ids=GROUNDED.keys())
def test_a_response_that_quotes_its_source_is_grounded(text: str) -> None:
    verdict = verdict_on(text)
    assert (verdict.outcome, verdict.reason, verdict.detail) == (Outcome.ACCEPTED, Reason.GROUNDED, "")
    assert (verdict.verifier, verdict.version) == ("grounding", grounding_version(SETTINGS))
    assert verdict.span is not None
    assert verdict.answer == text[slice(*verdict.span)]


UNGROUNDED = {
    "other words": ('It "fell by 1.5 mm a year".', "not in the passage: fell by 1.5 mm a year"),
    "another number": ('It "rose by 2.5 mm a year".', "not in the passage: rose by 2.5 mm a year"),
    "a part of a number": ('It "rose by 1.5 mm a year, 901 and 2018".', "not in the passage: rose by"),
    "another case": ('"The mean sea level rose".', "not in the passage: The mean sea level rose"),
    "a part of a word": ('It is "an sea level ros".', "not in the passage: an sea level ros"),
    "left out words": ('"the mean sea level ... in the last".', "not in the passage: the mean sea level"),
    "a blank line in a second quotation": ('"rose by 1.5 mm" and "all of\n\nthe ice".', "not in the passage"),
    "angle quotes turned round": ('"rose by 1.5 mm" and »all of the ice«.', "not in the passage"),
    "corner brackets": ('"rose by 1.5 mm" and 「all of the ice」.', "not in the passage"),
    "high reversed quotes": ('"rose by 1.5 mm" and ‟all of the ice”.', "not in the passage"),
    "two single quotes": ("\"rose by 1.5 mm\" and ''all of the ice''.", "not in the passage"),
    "more in brackets than a word": ('"[It never rose] by 1.5".', "not in the passage"),
    "brackets within": ('"the mean sea level [never] rose".', "not in the passage"),
    "a currency": ('It "rose by 1.5 mm a year" for USD500.', "numbers in neither passage nor prompt: 500"),
    "a number in words": (
        'In nineteen seventy-two it "rose by 1.5 mm a year".',
        "numbers in neither passage nor prompt: 1972",
    ),
    "a claim beside a true quotation": (
        'Whales drank the sea, as "rose by 1.5 mm a year" shows.',
        "2 of 3 words outside quotations are in neither passage nor prompt: whales, drank",
    ),
    "a quotation of something else": (
        'It rose: "Scientists call this".',
        "no quotation bears on the answer of the source",
    ),
    "a second quotation": (
        '"the mean sea level" and "all of the ice".',
        "not in the passage: all of the ice",
    ),
    "a number outside quotes": (
        'It "rose by 1.5 mm a year", 7 cm in all.',
        "numbers in neither passage nor prompt: 7",
    ),
    "numbers outside quotes": (
        'In 1850 it "rose by 1.5 mm a year", by 2,500 gauges.',
        "numbers in neither passage nor prompt: 1850, 2500",
    ),
}


@pytest.mark.parametrize(("text", "evidence"), UNGROUNDED.values(), ids=UNGROUNDED.keys())
def test_what_the_source_does_not_say_is_the_evidence(text: str, evidence: str) -> None:
    verdict = verdict_on(text)
    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, Reason.UNGROUNDED)
    assert verdict.detail.startswith(evidence)


@pytest.mark.parametrize(
    "text",
    [
        "It rose by 1.5 mm a year.",
        'The "sea level" rose.',
        "It 'rose by 1.5 mm a year'.",
        'It "rose by 1.5 mm a year.',
        'a" sea level rose "b',
    ],
)
def test_a_response_without_a_quotation_cites_nothing(text: str) -> None:
    verdict = verdict_on(text)
    assert verdict.reason is Reason.NO_CITATION
    assert (verdict.answer, verdict.span) == (None, None)


def test_a_number_of_the_prompt_is_no_invention() -> None:
    text = 'Since 1850: "the mean sea level rose".'
    assert verdict_on(text).reason is Reason.UNGROUNDED
    assert verdict_on(text, prompt="Since 1850?").reason is Reason.GROUNDED


@given(st.text(st.sampled_from('ab 1.,"“”«»\n\0\ud800'), max_size=60))
def test_any_text_gets_a_verdict_that_can_be_stored(text: str) -> None:
    verdict = verdict_on(text)
    assert verdict.outcome is Outcome.REJECTED
    for kept in (verdict.detail, verdict.answer or ""):
        kept.encode()
        assert "\0" not in kept


DAM = (
    "The dam was built in the Black Canyon between 1931 and 1936. It cost fifty million dollars; .5 km wide."
)
ABOUT_THE_DAM = [
    (
        'The dam was built by aliens from Mars and never finished, as "in the Black Canyon" shows.',
        "3 of 5 words outside quotations are in neither passage nor prompt: aliens, mars, finished",
    ),
    ('It is 0.5 km wide and cost 50 million dollars: "built in the Black Canyon".', ""),
    ('Between 1931 and 1936: "The dam was built in the Black Canyon".', ""),
    ('The passage says: "The dam was built in the Black Canyon."', ""),
    ('It was in the Canyon: "It cost fifty million dollars".', "no quotation bears on the answer"),
]


@pytest.mark.parametrize(("text", "evidence"), ABOUT_THE_DAM)
def test_what_stands_outside_quotations_must_be_of_the_source(text: str, evidence: str) -> None:
    verdict = verdict_on(text, DAM, "Where was it?", "In the Black Canyon", "in the Black Canyon")
    assert verdict.detail.startswith(evidence)
    assert (verdict.reason is Reason.GROUNDED) is (evidence == "")


def test_chinese_is_quoted_by_its_characters() -> None:
    passage = "海平面每年上升1.5毫米。科学家很担心。"
    assert (
        verdict_on("每年「上升1.5毫米」。", passage, answer="1.5毫米", quote="上升1.5毫米").reason
        is Reason.GROUNDED
    )
    assert (
        verdict_on("每年「下降1.5毫米」。", passage, answer="1.5毫米", quote="").reason is Reason.UNGROUNDED
    )


LONG = "one sea level rose " * 25_000


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"' * 500_000, Reason.NO_CITATION),
        ("“" * 500_000, Reason.NO_CITATION),
        ('“"' * 250_000, Reason.NO_CITATION),
        ('\n "a' * 125_000, Reason.NO_CITATION),
        ('"' + "\na" * 250_000, Reason.NO_CITATION),
        ("«1" * 250_000, Reason.NO_CITATION),
        ("''a" * 160_000, Reason.NO_CITATION),
        ("``'" * 160_000, Reason.NO_CITATION),
        ("»a" * 250_000, Reason.NO_CITATION),
        ('"' + "..." * 160_000 + 'a b c"', Reason.UNGROUNDED),
        ('"' + "[a]" * 160_000 + ' b c d"', Reason.UNGROUNDED),
    ],
    ids=lambda given: ascii(given)[:8],
)
def test_time_is_linear_in_the_response(text: str, reason: Reason) -> None:
    """What is quadratic takes a quarter of an hour."""
    assert verdict_on(text + " b", LONG).reason is reason


@pytest.mark.timeout(60)
def test_time_is_linear_in_the_passage() -> None:
    half = len(LONG) // 2
    assert span_in(LONG, LONG[:half].strip()) == (0, len(LONG[:half].strip()))
    assert span_in(LONG, LONG[:half] + "x") is None
