"""The settings of a judge: what is refused, how its generator is opened, and where a rubric is read from."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gristmill.generators.judge_prompts import Rubric
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.settings.files import with_texts
from gristmill.runs.settings.judge import (
    LONGEST_RUBRIC,
    JudgeSettings,
    check_judge,
    generator_settings,
)
from gristmill.sampling.errors import ConfigError

SERVER = "http://127.0.0.1:8000/v1"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"judge_server": "localhost"}, "expected a URL such as"),
        ({"judge_server": "http://me:secret@host/v1"}, "keys go by api_key_env"),
        ({"rubric": ""}, "at least 1 character"),
        ({"rubric": " \n"}, "cannot be empty"),
        ({"rubric": "x" * (LONGEST_RUBRIC + 1)}, "at most 20000 characters"),
        ({"rubric_mode": "rank"}, "'score' or 'compare'"),
        ({"rubric_scale": 1}, "greater than or equal to 2"),
        ({"rubric_scale": 101}, "less than or equal to 100"),
        ({"rubric_scale": 3}, "rubric_least: 4 is more than the best score, 3"),
        ({"rubric_least": 6}, "rubric_least: 6 is more than the best score, 5"),
        ({"judge": "me"}, "Extra inputs"),
    ],
)
def test_settings_that_cannot_be_say_why(values: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why) as caught:
        JudgeSettings.model_validate(values)
    assert "secret" not in str(caught.value)


def test_every_field_has_a_flag_of_its_own_name() -> None:
    names = set(JudgeSettings.model_fields)
    assert not names & set(GeneratorSettings.model_fields)
    assert all(field.description for field in JudgeSettings.model_fields.values())


def test_a_rubric_is_needed() -> None:
    with pytest.raises(ConfigError, match="rubric: "):
        check_judge(JudgeSettings())
    assert check_judge(JudgeSettings(rubric="Be kind.", rubric_scale=9)) == Rubric("Be kind.", "score", 9, 4)


def test_a_judge_with_a_server_has_nothing_of_the_runs_model_or_sampling() -> None:
    judge = JudgeSettings(judge_server=f"{SERVER}/", judge_model="big", judge_api_key_env="JUDGE_KEY")
    own = GeneratorSettings(backend="vllm", model="small", top_k=7, stop=("x",), engine_args="--dtype auto")
    asked = generator_settings(judge, own)
    assert (asked.backend, asked.server, asked.model) == ("openai", (SERVER,), "big")
    assert (asked.api_key_env, asked.temperature, asked.max_tokens) == ("JUDGE_KEY", 0.0, 256)
    assert (asked.top_p, asked.top_k, asked.stop, asked.engine_args) == (1.0, None, (), None)


def test_a_judge_without_a_server_is_what_the_run_draws_from_with_the_judges_sampling() -> None:
    own = GeneratorSettings.model_validate(
        {"server": SERVER, "model": "m", "temperature": 1.5, "min_p": 0.1, "stop": ["."], "tool_rounds": 3}
    )
    asked = generator_settings(JudgeSettings(judge_max_tokens=99, judge_concurrency=3), own)
    assert (asked.backend, asked.server, asked.model) == ("openai", (SERVER,), "m")
    assert (asked.temperature, asked.min_p, asked.stop, asked.tool_rounds) == (0.0, None, (), 0)
    assert (asked.max_tokens, asked.concurrency) == (99, 3)
    assert generator_settings(JudgeSettings(judge_model="n"), own).model == "n"


@pytest.mark.parametrize("own", [{"backend": "vllm"}, {"launch": "--model x"}])
def test_what_cannot_judge_as_well_is_told_to_name_a_server(own: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="judge_server: "):
        generator_settings(JudgeSettings(), GeneratorSettings.model_validate(own))


@pytest.mark.parametrize("name", ["rubric.md", "rubric", "my rubric.txt"])
def test_a_rubric_is_read_from_its_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\ufeffBe kind.\nBe brief.\n", "utf-8")
    read = with_texts({"rubric": name, "rubric_scale": 7}, tmp_path)
    assert read == {"rubric": "Be kind.\nBe brief.\n", "rubric_scale": 7}


@pytest.mark.parametrize("text", ["Be kind.", "Be kind.\nSee notes.md", " ", ""])
def test_a_rubric_in_words_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    assert with_texts({"rubric": text}, tmp_path) == {"rubric": text}


@pytest.mark.parametrize("name", ["missing.md", "my missing.md", "x" * 5000, "nul\0"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"--rubric: .* cannot be read: "):
        with_texts({"rubric": name}, tmp_path)
