"""What a manifest says of how a run drew: what decides the text, and nothing of where or by which key."""

import json
from collections.abc import Mapping

import pytest

from gristmill.exports.generation import generation_settings
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.snapshot import Snapshot, snapshot_from, snapshot_of

POLICY = {"policy": "uniform", "quota": 1, "ceiling": 10}
MATH = {"verifier": "math"}


def drawn(verifier: Mapping[str, str] = MATH, **generator: object) -> dict[str, str]:
    config = RunConfig.model_validate(
        {
            "recipe": "mine",
            "dataset": {"dataset": "demo"},
            "policy": POLICY,
            "verifier": verifier,
            "generator": generator,
        }
    )
    return generation_settings(snapshot_from(snapshot_of(config)))


def test_template_wording_and_sampling_are_told_as_far_as_they_were_set() -> None:
    found = drawn(temperature=0, stop=["Q:"], max_tokens=7)
    assert found == {
        "template": "boxed",
        "question": found["question"],
        "backend": "embedded",
        "temperature": "0.0",
        "top_p": "0.95",
        "max_tokens": "7",
        "stop": '["Q:"]',
    }
    assert found["question"].startswith("{problem}\n")


def test_what_is_set_besides_is_told() -> None:
    found = drawn(template="boxed-few-shot", top_k=5, repetition_penalty=1.1, tool_rounds=2)
    assert (found["top_k"], found["repetition_penalty"], found["tool_rounds"]) == ("5", "1.1", "2")
    assert len(json.loads(found["examples"])) > 1
    assert drawn({"verifier": "structure", "regex": "a+"}, guided=False)["guided"] == "false"
    assert drawn(backend="scripted", script_pass_rate=0.25)["script_pass_rate"] == "0.25"


def test_no_url_key_or_path_is_told() -> None:
    found = drawn(
        server=["http://secret-host:8000/v1"],
        model="/srv/secret/model",
        api_key_env="SECRET_KEY",
        backend="openai",
    )
    assert "secret" not in json.dumps(found).lower()
    launched = drawn(launch="--model /secret/x", launch_python="/secret/python")
    assert "secret" not in json.dumps(launched)


@pytest.mark.parametrize("template", ["", "[]", "{", '"x"', '{"question": ""}'])
def test_a_wording_that_was_not_kept_is_left_out(template: str) -> None:
    config = RunConfig.model_validate({"recipe": "mine", "dataset": {"dataset": "demo"}, "policy": POLICY})
    found = generation_settings(Snapshot(config=config, template=template, versions={}))
    assert "question" not in found
    assert found["template"] == "boxed"
