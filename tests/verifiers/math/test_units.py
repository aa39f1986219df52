import pytest

from gristmill.verifiers.math.units import conflict, convertible, unit_after, without_unit


@pytest.mark.parametrize(
    ("rest", "unit"),
    [
        ("", ""), (" cm", "cm"), ("cm", "cm"), (" centimetres", "cm"), (r"\text{ cm}^2", "cm^2"),
        (" cm^{3}", "cm^3"),
        (" square feet", "foot^2"), (r" \text{ miles/hour}", "mph"), (" miles per hour", "mph"), (r"\$", "$"),
        ("°", "°"), (" m", "m"), (r"\text{m}", "m"), (" apples", "apple"), (r" \text{ways}", "way"),
        (" per hour", "per hour"), (r" \pmod{7}", "modulus 7"), (r"\text{ sq. cm}", "cm^2"),
    ],
)  # fmt: skip
def test_units_are_known_by_one_name(rest: str, unit: str) -> None:
    assert unit_after(rest) == unit


@pytest.mark.parametrize(
    "rest",
    [
        "m", "x", "s^2", " x", " ab", r"\pi", r"\sqrt{2}", "(3)", "/x", " million", " squared",
        r"\text{ halves}", " is wrong", "gb", "_3", "!", " + 1", " sin", "x" * 99,
    ],
)  # fmt: skip
def test_mathematics_is_no_unit(rest: str) -> None:
    assert unit_after(rest) is None


def test_only_two_known_and_different_units_conflict() -> None:
    assert conflict("cm", "m")
    assert conflict("cm", "kg")
    assert not conflict("cm", "cm")
    assert not conflict("cm", "")
    assert not conflict("cm", "apple")


def test_only_units_of_one_kind_can_be_converted() -> None:
    assert convertible("cm", "m")
    assert convertible("l", "cm^3")
    assert not convertible("cm", "cm^2")
    assert not convertible("cm", "kg")
    assert not convertible("cm", "cm")


def test_an_expression_loses_its_unit_and_nothing_else() -> None:
    assert without_unit(r"8\pi cm^2") == without_unit(r"8\pi \text{ cm}^2") == r"8\pi"
    for kept in ("3s^2", r"8\pi", "2m", r"\text{cm}", "x"):
        assert without_unit(kept) == kept
