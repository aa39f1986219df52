import pytest

from gristmill.verifiers.math.assignments import assigned, labelled, same_name, without_working


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("x=5", "x", "5"), ("AB = 5", "AB", "5"), ("f(x)=x^2", "f(x)", "x^2"), (r"x \approx 5", "", "5"),
        (r"2\sqrt{3} \approx 3.46", "", r"2\sqrt{3}"), ("x+y=5", "", "x+y=5"),
    ],
)  # fmt: skip
def test_a_value_is_told_from_its_name(text: str, name: str, value: str) -> None:
    assert assigned(text) == (name, value)


def test_a_function_is_y_and_no_other_function() -> None:
    assert same_name("y", "f(x)")
    assert not same_name("g(x)", "f(x)")
    assert not same_name("x", "y")


def test_a_label_ends_in_a_colon_or_an_equals_sign() -> None:
    for text in ("Total = 5", r"\text{Total: } 5", r"\text{The answer is } 5"):
        found = labelled(text)
        assert found is not None
        assert found.value == "5"
    for text in (r"\text{not } 5", "sin x = 5", "sinh x = 5", "5", "Total = none"):
        assert labelled(text) is None


def test_of_a_sum_the_result_is_kept() -> None:
    assert without_working("2 + 3 = 5") == "5"
    assert without_working("x + 3 = 5") == "x + 3 = 5"
