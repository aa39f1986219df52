"""The settings of a generator: which backend, which model, how it samples, how patient it is.

One flat pydantic model, since every field is also a flag and is stored with the run. A key is never a
setting: only the name of the environment variable that holds it is.
"""

import shlex
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

SECRET_FLAGS = {"--api-key": "VLLM_API_KEY", "--hf-token": "HF_TOKEN"}
"""Flags of vLLM that take a secret, and the environment variables that do so as well."""

BackendName = Literal["openai", "vllm", "embedded", "scripted"]
RubricMode = Literal["score", "compare"]


class GeneratorSettings(BaseModel):
    """Where responses come from. A `server` given without a `backend` means the backend `openai`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, hide_input_in_errors=True)

    backend: BackendName = Field(
        "embedded", description="What answers: a server, a small model on the CPU, a script."
    )
    server: tuple[str, ...] = Field(
        (), max_length=256, description="Base URL of an OpenAI-compatible server, ending in /v1; several."
    )
    model: str | None = Field(
        None, min_length=1, description="Model to ask for; unset: the only one that is served."
    )
    embedded_model: Path | None = Field(
        None, description="GGUF file for the embedded backend; unset: SmolLM2-135M."
    )
    template: str = Field("boxed", min_length=1, description="Name of the prompt template.")
    temperature: float = Field(0.8, ge=0, le=2, description="Sampling temperature.")
    top_p: float = Field(
        0.95, gt=0, le=1, description="Nucleus sampling: share of the probability mass kept."
    )
    top_k: int | None = Field(None, ge=1, description="Most likely tokens that are kept; unset: all.")
    min_p: float | None = Field(
        None, ge=0, le=1, description="Least probability of a token, as a share of the likeliest one's."
    )
    presence_penalty: float | None = Field(
        None, ge=-2, le=2, description="Taken off the logit of each token that occurred."
    )
    frequency_penalty: float | None = Field(
        None, ge=-2, le=2, description="Taken off the logit of a token for each time that it occurred."
    )
    repetition_penalty: float | None = Field(
        None, gt=0, le=10, description="Divides the logit of each token that occurred; 1 changes nothing."
    )
    logprobs: bool = Field(False, description="Record the sum of the tokens' log probabilities.")
    guided: bool = Field(
        True, description="Have the server hold responses to the JSON Schema, regex or grammar."
    )
    tool_rounds: int = Field(
        0, ge=0, le=64, description="Pieces of Python that a response may run on its way; 0: none."
    )
    max_tokens: int = Field(512, ge=1, le=1_000_000, description="Tokens a response may have.")
    stop: tuple[str, ...] = Field((), max_length=16, description="Strings that end a response.")
    concurrency: int | None = Field(
        None, ge=1, le=65_536, description="Draws in flight; unset: the backend's own."
    )
    request_timeout_seconds: float = Field(
        300, gt=0, le=86_400, description="Seconds one request may take in all."
    )
    tries: int = Field(4, ge=1, le=100, description="Tries of one draw before it counts as a failure.")
    backoff_seconds: float = Field(
        0.5, ge=0, le=60, description="Longest wait before the second try; then it doubles."
    )
    outage_seconds: float = Field(
        600, ge=0, le=604_800, description="Seconds that a run waits while no server answers."
    )
    launch: str | None = Field(
        None, min_length=1, description="Arguments of a vLLM server to start for the run: '--model X'."
    )
    launch_python: str | None = Field(
        None, min_length=1, description="Interpreter that has vLLM; unset: the one that runs Gristmill."
    )
    launch_timeout_seconds: float = Field(
        1800, gt=0, le=86_400, description="Seconds that a launched server may take to answer."
    )
    engine_args: str | None = Field(
        None, min_length=1, description="Arguments of vLLM in process, such as '--tensor-parallel-size 2'."
    )
    api_key_env: str = Field(
        "OPENAI_API_KEY",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="Name of the environment variable that holds the server's API key.",
    )
    script_pass_rate: float = Field(0.5, ge=0, le=1, description="Scripted: share of right answers.")
    script_latency_seconds: float = Field(0, ge=0, le=3600, description="Scripted: median latency.")
    script_sigma: float = Field(
        0.6, ge=0, le=5, description="Scripted: deviation of the latency's logarithm."
    )
    script_length_rate: float = Field(
        0, ge=0, le=1, description="Scripted: share of responses cut off by length."
    )
    script_fault_rate: float = Field(0, ge=0, le=1, description="Scripted: share of tries that fail.")
    script_tokens: int = Field(120, ge=1, le=1_000_000, description="Scripted: mean tokens of a response.")

    @model_validator(mode="before")
    @classmethod
    def _server_means_openai(cls, values: Any) -> Any:
        if not isinstance(values, dict) or values.get("backend") is not None:
            return values
        served = values.get("server") or values.get("launch") is not None
        return {**values, "backend": "openai"} if served else values

    @field_validator("server", mode="before")
    @classmethod
    def _one_or_several(cls, servers: Any) -> Any:
        """One URL may stand for a list of one, in a recipe and in what earlier versions stored."""
        if servers is None:
            return ()
        return (servers,) if isinstance(servers, str) else servers

    @field_validator("server")
    @classmethod
    def _plain_base_urls(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        urls = tuple(_plain_base_url(server) for server in servers)
        twice = [url for url in urls if urls.count(url) > 1]
        if twice:
            raise ValueError(f"{twice[0]} is named twice")
        return urls

    @field_validator("stop")
    @classmethod
    def _stops_are_texts(cls, stop: tuple[str, ...]) -> tuple[str, ...]:
        if "" in stop:
            raise ValueError("a string that ends a response cannot be empty")
        return stop

    @field_validator("launch", "engine_args")
    @classmethod
    def _can_be_split_and_stored(cls, arguments: str | None) -> str | None:
        parts = shlex.split(arguments or "")  # raises ValueError: No closing quotation
        for part in parts:
            flag = part.partition("=")[0].replace("_", "-")
            if flag in SECRET_FLAGS:
                raise ValueError(f"{flag} would be stored: put the secret into {SECRET_FLAGS[flag]} instead")
        return arguments

    @model_validator(mode="after")
    def _backend_has_what_it_takes(self) -> "GeneratorSettings":
        if self.server and self.launch is not None:
            raise ValueError("launch: a server is named as well; give one of the two")
        for name in ("server", "launch"):
            if getattr(self, name) and self.backend != "openai":
                raise ValueError(
                    f"{name}: the backend {self.backend!r} takes none; leave backend unset or say 'openai'"
                )
        if self.launch_python is not None and self.launch is None:
            raise ValueError("launch_python: of use together with launch alone")
        if self.engine_args is not None and self.backend != "vllm":
            raise ValueError("engine_args: of use to the backend 'vllm' alone")
        if self.backend == "openai" and not self.server and self.launch is None:
            raise ValueError(
                "server: the backend 'openai' needs the base URL of one, such as http://127.0.0.1:8000/v1"
            )
        return self


def _plain_base_url(server: str) -> str:
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("expected a URL such as http://127.0.0.1:8000/v1")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError("a base URL has no user, password, query or fragment; keys go by api_key_env")
    return server.rstrip("/")
