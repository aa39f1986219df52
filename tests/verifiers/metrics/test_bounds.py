import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.metrics import METRICS
from gristmill.verifiers.metrics.bounds import Bound, Comparison, broken, read_bound

TWELVE = "one two three four five six seven eight nine ten eleven twelve"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("words>=20", Bound("words", Comparison.AT_LEAST, 20)),
        (" words <= 20 ", Bound("words", Comparison.AT_MOST, 20)),
        ("toxicity<.5", Bound("toxicity", Comparison.LESS, 0.5)),
        ("dupe-5gram-characters > 1e-2", Bound("dupe-5gram-characters", Comparison.MORE, 0.01)),
        ("rix>-1", Bound("rix", Comparison.MORE, -1)),
    ],
)
def test_a_bound_is_read_as_it_is_written(text: str, bound: Bound) -> None:
    assert read_bound(text) == bound
    assert read_bound(str(bound)) == bound


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no bound"),
        ("words", "is no bound"),
        ("words=20", "is no bound"),
        ("words>=", "is no bound"),
        ("words>=twenty", "is no bound"),
        ("words>=nan", "is no bound"),
        ("words>=20<30", "is no bound"),
        ("words>=1-2", "is no number"),
        ("words>=1e999", "is no finite number"),
        ("wit>=20", "'wit' is no metric; known are characters, words"),
        ("w" * 1_000_000, "is no bound"),
        (">=" * 500_000, "is no bound"),
    ],
)
def test_what_is_no_bound_is_refused_with_what_would_be_one(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read_bound(text)
    assert len(str(caught.value)) < 2000


@given(
    st.sampled_from(list(METRICS)),
    st.sampled_from(Comparison),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_a_bound_that_is_printed_can_be_read_again(name: str, comparison: Comparison, value: float) -> None:
    bound = Bound(name, comparison, value)
    assert read_bound(str(bound)) == bound


@pytest.mark.parametrize(
    ("bounds", "evidence"),
    [
        ((), None),
        (("words>=12", "words<=12", "words>11", "words<13"), None),
        (("words>=20",), "words 12, wanted >= 20"),
        (("words>12",), "words 12, wanted > 12"),
        (("words<12",), "words 12, wanted < 12"),
        (("words<=11",), "words 12, wanted <= 11"),
        (("words>1", "characters<50", "sentences>5"), "characters 62, wanted < 50"),
        (("mean-word-length>=4.5",), "mean-word-length 4.25, wanted >= 4.5"),
    ],
)
def test_the_first_broken_bound_is_the_evidence(bounds: tuple[str, ...], evidence: str | None) -> None:
    assert broken([read_bound(bound) for bound in bounds], TWELVE) == evidence


def test_a_bound_missed_by_a_hair_is_not_printed_as_if_it_were_met() -> None:
    bound = read_bound("unique-words>=0.6666666667")
    assert broken([bound], "a a b") == "unique-words 0.6666666666666666, wanted >= 0.6666666667"
