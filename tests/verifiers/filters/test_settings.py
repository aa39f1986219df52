import pytest
from pydantic import ValidationError

from gristmill.verifiers.filters.settings import FilterSettings

WRONG: list[tuple[dict[str, object], str]] = [
    ({"min_words": 0}, "min_words"),
    ({"min_words": 20, "max_words": 10}, "more than max_words, which is 10"),
    ({"instruction_language": "english"}, "instruction_language"),
    ({"instruction_language": "xx"}, "'xx' cannot be told; known: any, af"),
    ({"benchmark_field": " , "}, "no name is given"),
    ({"contamination_ngram": 2}, "contamination_ngram"),
    ({"contamination_cosine": 0.9}, "of use together with benchmark"),
    ({"near_duplicate_jaccard": 1.1}, "near_duplicate_jaccard"),
    ({"near_duplicate_jaccard": float("nan")}, "near_duplicate_jaccard"),
    ({"rouge_limit": 0}, "rouge_limit"),
    ({"rouge": 0.7}, "Extra inputs"),
]


@pytest.mark.parametrize(("values", "message"), WRONG)
def test_settings_that_cannot_be_meant_are_refused_by_name(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        FilterSettings.model_validate(values)


def test_the_defaults_are_those_of_self_instruct() -> None:
    settings = FilterSettings()
    assert (settings.min_words, settings.max_words, settings.rouge_limit) == (4, 150, 0.7)


def test_names_of_a_benchmark_s_field_are_tried_in_the_order_given() -> None:
    assert FilterSettings(benchmark_field="b, a,,c ").benchmark_fields() == ("b", "a", "c")


def test_every_setting_has_one_plain_line_for_its_flag() -> None:
    for name, field in FilterSettings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description
        assert not field.description.endswith(".")
