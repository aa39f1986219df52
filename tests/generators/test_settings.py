import pytest
from pydantic import ValidationError

from gristmill.generators.settings import GeneratorSettings


def test_a_server_without_a_backend_means_openai() -> None:
    settings = GeneratorSettings.model_validate({"server": "http://127.0.0.1:8000/v1/"})
    assert settings.backend == "openai"
    assert settings.server == ("http://127.0.0.1:8000/v1",)


def test_settings_come_back_from_their_json() -> None:
    for values in ({}, {"server": "http://127.0.0.1:8000/v1", "stop": ["\n\n"]}, {"backend": "scripted"}):
        settings = GeneratorSettings.model_validate(values)
        assert GeneratorSettings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"server": "http://127.0.0.1:8000/v1", "backend": "embedded"}, "'embedded' takes none"),
        ({"backend": "openai"}, "needs the base URL"),
        ({"server": "127.0.0.1:8000"}, "expected a URL"),
        ({"server": "ftp://127.0.0.1/v1"}, "expected a URL"),
        ({"server": "http://me:secret@127.0.0.1/v1"}, "api_key_env"),
        ({"server": "http://127.0.0.1:99999/v1"}, "Port out of range"),
        ({"server": "http://127.0.0.1:0/v1"}, "expected a URL"),
        ({"backend": "tgi"}, "'openai', 'vllm', 'embedded' or 'scripted'"),
        ({"launch": "--model x", "server": "http://127.0.0.1/v1"}, "give one of the two"),
        ({"launch": "--model 'x"}, "No closing quotation"),
        ({"server": ["http://127.0.0.1/v1", "http://127.0.0.1/v1/"]}, "named twice"),
        ({"temperature": 2.1}, "less than or equal to 2"),
        ({"top_p": 0}, "greater than 0"),
        ({"max_tokens": 0}, "greater than or equal to 1"),
        ({"tries": 0}, "greater than or equal to 1"),
        ({"concurrency": 0}, "greater than or equal to 1"),
        ({"api_key_env": "sk-0123"}, "pattern"),
        ({"api_key": "sk-0123"}, "Extra inputs are not permitted"),
    ],
)
def test_wrong_settings_are_refused_with_words_that_help(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        GeneratorSettings.model_validate(values)


def test_a_refused_server_is_not_quoted_with_its_password() -> None:
    with pytest.raises(ValidationError) as caught:
        GeneratorSettings.model_validate({"server": "http://me:hunter2@127.0.0.1/v1"})
    assert "hunter2" not in str(caught.value)


def test_every_setting_has_one_line_that_says_what_it_is() -> None:
    for name, field in GeneratorSettings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description
