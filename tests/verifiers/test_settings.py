import pytest
from pydantic import ValidationError

from verifiers.settings import Extraction, VerifierSettings


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
        {"verify_timeout_seconds": 0},
        {"verify_workers": -1},
        {"verify_memory_mb": 1},
        {"extraction": "anything"},
        {"verifier": "none"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_settings_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VerifierSettings.model_validate(wrong)
