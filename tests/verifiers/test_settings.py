import pytest
from pydantic import ValidationError

from gristmill.sampling.records import Structure, StructureKind
from gristmill.verifiers.settings import Extraction, VerifierSettings


def test_the_defaults_are_the_documented_ones() -> None:
    settings = VerifierSettings()
    assert (settings.verifier, settings.extraction) == ("math", Extraction.PHRASES)
    assert (settings.verify_timeout_seconds, settings.verify_workers, settings.verify_memory_mb) == (
        5.0,
        0,
        1024,
    )


def test_every_field_explains_itself_in_one_line() -> None:
    for name, field in VerifierSettings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description, name


@pytest.mark.parametrize(
    "wrong",
    [
        {"verify_timeout_seconds": 0}, {"verify_workers": -1}, {"verify_memory_mb": 1},
        {"extraction": "anything"}, {"verifier": "none"}, {"unknown": 1},
    ],
    ids=str,
)  # fmt: skip
def test_settings_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VerifierSettings.model_validate(wrong)


@pytest.mark.parametrize(
    ("field", "kind", "text"),
    [
        ("json_schema", StructureKind.JSON_SCHEMA, '{"type": "object"}'),
        ("regex", StructureKind.REGEX, r"\d+"),
        ("grammar", StructureKind.GRAMMAR, 'start: "a"'),
    ],
)
def test_a_structure_is_one_of_three_kinds(field: str, kind: StructureKind, text: str) -> None:
    settings = VerifierSettings.model_validate({"verifier": "structure", field: text})
    assert settings.structure() == Structure(kind, text)
    assert VerifierSettings().structure() is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"verifier": "structure"}, "'structure' needs one of json_schema, regex, grammar"),
        ({"regex": "a", "json_schema": "{}"}, "json_schema and regex: give only one"),
        ({"json_schema": "true"}, "say verifier 'structure' to let the schema alone decide"),
        ({"answer_field": "a"}, "answer_field: of use to the verifier 'math' together with json_schema"),
        (
            {"answer_field": "a", "json_schema": "true", "verifier": "structure"},
            "answer_field: of use to the verifier 'math' together with json_schema",
        ),
        ({"regex": "(a"}, "not a regular expression that Python takes: missing \\)"),
        ({"regex": "a{99999999999}"}, "not a regular expression that Python takes"),
        ({"regex": ""}, "at least 1 character"),
        ({"json_schema": '{"type": "objct"}'}, r"\$\.type of the schema"),
        ({"grammar": "start: missing"}, "'missing' used but not defined"),
        ({"grammar": "start: /a+/\n" + "//" * 100_000}, "at most 200000 characters"),
    ],
    ids=str,
)
def test_a_structure_that_is_wrong_is_refused_before_anything_is_drawn(
    wrong: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        VerifierSettings.model_validate(wrong)
