import pytest

from gristmill.verifiers.grounding.numbers import (
    all_numbers_in,
    known_values_in,
    negatives_in,
    numbers_in,
    values_in,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,000 is 1000.0 and 01000", ["1000"]),
        ("3.50, 0.5 and .75", ["3.5", "0.5", "0.75"]),
        ("USD500, Rs.500, USD20 and No.5", ["500", "20", "5"]),
        ("v2.0, PM2.5, A380 and _90_", ["2", "2.5", "380", "90"]),
        ("so ...5 it is", ["5"]),
        ("1,2,3 and 12,500,000", ["1", "2", "3", "12500000"]),
        ("in 2019, 2020 and the 1990s", ["2019", "2020", "1990"]),
        ("the 19th of 10:30, 5km, 7%, $3.5 and -4", ["19", "10", "30", "5", "7", "3.5", "4"]),
        ("CO2, B12 and H2O", []),
        ("version 1.2.10", ["1.2.10"]),
        ("0.0 and 000", ["0"]),
        ("two of three", []),
        ("在2019年", ["2019"]),
        ("٣ and ²", []),
        ("", []),
    ],
)
def test_numbers_are_found_in_one_spelling(text: str, found: list[str]) -> None:
    assert numbers_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Heat\n2. Rain\n3) Wind", []),
        ("**1.** Heat\n- 2. Rain\n### 3. Wind", []),
        ("1. Heat\n   1. dry\n   2. wet\n2. Rain", []),
        ("Two causes: (1) heat, (2) rain.", []),
        ("Step 1: read. In step 2, write.", []),
        ("It rose [1], then fell [2], and [1][3].", []),
        ("It rose [1], then fell [12].", ["12"]),
        ("It cost [500].", ["500"]),
        ("42. That is the answer.", ["42"]),
        ("1. Heat\n7. Rain", ["7"]),
        ("It has members (12).", ["12"]),
        ("Step 9", ["9"]),
        ("1.5 degrees\n2.5 degrees", ["1.5", "2.5"]),
        ("1. There are 1 and 2", ["1", "2"]),
    ],
)
def test_what_only_counts_the_parts_of_a_text_is_no_number(text: str, found: list[str]) -> None:
    assert numbers_in(text) == found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("50 million, fifty million and 50,000,000", ["50000000"]),
        ("1.5 million", ["1500000"]),
        ("in nineteen seventy-two and twenty twenty-four", ["1972", "2024"]),
        ("two hundred and five", ["205"]),
        ("Three Million two hundred thousand and six", ["3200006"]),
        ("fifty and sixty", ["50", "60"]),
        ("the twenty-first of nineteen", ["21", "19"]),
        ("one of the first twelve, two by two", []),
        ("a thousand ships", ["1000"]),
        ("half a million, millions, a thirty-second timer, weight and often", []),
        (f"{'9' * 500} million", ["9" * 500]),
        ("hundred " * 30, []),
    ],
)
def test_values_are_what_numbers_and_larger_words_say(text: str, values: list[str]) -> None:
    assert values_in(text) == values
    assert known_values_in(text) >= set(values)


def test_what_is_believed_is_read_in_every_way() -> None:
    assert known_values_in("nineteen seventy-two, CO2, .5") == {"1972", "1970", "19", "70", "2", "72", "0.5"}
    assert known_values_in("two third parties") == {"2", "3"}
    assert "1000000" not in known_values_in("50 million and fifty million")


def test_numbers_below_zero_are_told_from_ranges() -> None:
    assert negatives_in("x=-5, −2.50, minus 7, 3-4, a-6, 1--8, (9)-10") == ["-5", "-2.5", "-7"]


def test_all_numbers_are_asked_for_by_another_name() -> None:
    assert all_numbers_in("1. Heat\n2. Rain [3], 5.0") == {"1", "2", "3", "5"}


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "numbers", "values"),
    [
        ("1" * 500_000, ["1" * 500_000], ["1" * 500_000]),
        ("1" + ",000" * 125_000 + "1", ["1" + "000" * 124_999, "1"], ["1" + "000" * 124_999, "1"]),
        ("1." * 200_000, ["1" + ".1" * 199_999], ["1" + ".1" * 199_999]),
        ("(1" * 200_000, ["1"], ["1"]),
        ("\n**" * 150_000, [], []),
        ("A" * 500_000, [], []),
        ("nine hundred and " * 30_000, [], ["9090909090900"]),
        ("9 million " * 50_000, ["9"], ["9000000"]),
        ("." * 500_000, [], []),
    ],
    ids=lambda given: ascii(given)[:8],
)
def test_numbers_are_found_in_linear_time(text: str, numbers: list[str], values: list[str]) -> None:
    """What is quadratic takes a quarter of an hour."""
    assert numbers_in(text) == numbers
    assert values_in(text) == values
    assert known_values_in(text) >= {*numbers, *values}
    assert negatives_in(text) == []
