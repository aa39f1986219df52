import time

import pytest

from verifiers.metrics.figures import all_numbers_in, numbers_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,000 is 1000.0 and 01000", ["1000"]),
        ("3.50, 0.5 and .75", ["3.5", "0.5"]),
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
        ("It rose [1], then fell [12].", []),
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


def test_all_numbers_are_asked_for_by_another_name() -> None:
    assert all_numbers_in("1. Heat\n2. Rain [3], 5.0") == {"1", "2", "3", "5"}


def test_numbers_are_found_in_linear_time() -> None:
    for text in (
        "1" * 500_000,
        "1" + ",000" * 100_000 + "1",
        "1." * 200_000,
        "(1" * 200_000,
        "\n**" * 100_000,
    ):
        started = time.process_time()
        numbers_in(text)
        assert time.process_time() - started < 1
