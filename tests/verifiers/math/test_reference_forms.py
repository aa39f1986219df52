import pytest

from gristmill.verifiers.math.reference_forms import may_be_read, unreadable_references


@pytest.mark.parametrize(
    "reference", ["5", "7 (cm)", r"\frac{1}{2}", "x=5", "even", "(1,2)", r"\boxed{5}", "1,2", "(C)"]
)
def test_usual_references_may_be_read(reference: str) -> None:
    assert may_be_read(reference)


@pytest.mark.parametrize("reference", ["", "Tom has 3 apples left", r"\frac{1}{2", "9" * 3000])
def test_prose_and_broken_formulas_cannot(reference: str) -> None:
    assert not may_be_read(reference)


def test_it_is_said_how_many_cannot_be_read_and_which_is_the_first() -> None:
    assert unreadable_references(["5", "x=3"] * 3000) == ""
    assert unreadable_references(["5", "Tom has 3 apples left", "7"]) == (
        "1 of 3 references cannot be read, the first is 'Tom has 3 apples left'"
    )
