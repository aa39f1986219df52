"""The model that the conversion makes speaks sense, which no wrongly ordered weight or token would let it."""

import json
from pathlib import Path

import aiohttp
import pytest

from gristmill.generators.embedded import model_path
from gristmill.generators.settings import GeneratorSettings
from tests.vllm.served import Served
from tests.vllm.smollm2 import hugging_face_folder

pytestmark = pytest.mark.vllm

KNOWN = {
    "What is 2 + 3?": "2 + 3 = 5",
    "How many days has a week?": "7 days",
    "Who wrote Romeo and Juliet?": "Shakespeare",
}
"""What llama.cpp says with the GGUF file itself, without sampling."""


async def test_the_converted_model_knows_what_the_original_knows(vllm_server: Served) -> None:
    answers = {}
    async with aiohttp.ClientSession() as session:
        for question in KNOWN:
            body = {
                "model": "smollm2",
                "messages": [{"role": "user", "content": question}],
                "temperature": 0,
                "max_tokens": 60,
            }
            async with session.post(f"{vllm_server.url}/chat/completions", json=body) as reply:
                answers[question] = (await reply.json())["choices"][0]["message"]["content"]
    assert [question for question, known in KNOWN.items() if known not in answers[question]] == [], answers


def test_the_folder_is_whole_and_is_made_once(model_folder: Path) -> None:
    names = {path.name for path in model_folder.iterdir()}
    assert names == {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    assert json.loads((model_folder / "config.json").read_text())["vocab_size"] == 49152
    before = model_folder.stat().st_mtime_ns
    assert hugging_face_folder(model_path(GeneratorSettings.model_validate({}))) == model_folder
    assert model_folder.stat().st_mtime_ns == before
