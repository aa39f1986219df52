import pytest

from gristmill.verifiers.metrics import metric
from gristmill.verifiers.metrics.readability import syllables

TEXT = "The extraordinary committee decided. We all agreed to it."


def test_fog_and_rix_have_the_values_worked_out_by_hand() -> None:
    assert metric("gunning-fog", TEXT) == pytest.approx(0.4 * (9 / 2 + 100 * 3 / 9))
    assert metric("rix", TEXT) == pytest.approx(3 / 2)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("make", 1),
        ("table", 2),
        ("asked", 1),
        ("wanted", 2),
        ("makes", 1),
        ("boxes", 2),
        ("the", 1),
        ("people", 2),
        ("nation", 2),
        ("radio", 3),
        ("social", 2),
        ("liable", 3),
        ("racism", 3),
        ("beautiful", 3),
        ("university", 5),
        ("grr", 1),
        ("", 1),
    ],
)
def test_syllables_are_groups_of_vowels_less_silent_endings(word: str, count: int) -> None:
    assert syllables(word) == count


def test_parts_of_a_compound_are_no_hard_word_together() -> None:
    assert metric("gunning-fog", "A never-to-be-forgotten day.") == pytest.approx(0.4 * (6 + 100 / 6))
    assert metric("rix", "A never-ending day.") == 0


def test_a_text_of_another_script_has_no_hard_words() -> None:
    assert metric("gunning-fog", "Государственная администрация") == pytest.approx(0.4 * 2)
    assert metric("rix", "Государственная администрация") == 2
