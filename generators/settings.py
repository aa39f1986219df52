"""The settings of a generator: which backend, which model, how it samples, how patient it is.

One flat pydantic model, since every field is also a flag and is stored with the run. A key is never a
setting: only the name of the environment variable that holds it is.
"""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

BackendName = Literal["openai", "embedded", "scripted"]


class GeneratorSettings(BaseModel):
    """Where responses come from. A `server` given without a `backend` means the backend `openai`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    backend: BackendName = Field(
        "embedded", description="What answers: a server, a small model on the CPU, a script."
    )
    server: str | None = Field(None, description="Base URL of an OpenAI-compatible server, ending in /v1.")
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
        if isinstance(values, dict) and values.get("server") is not None and values.get("backend") is None:
            return {**values, "backend": "openai"}
        return values

    @field_validator("server")
    @classmethod
    def _plain_base_url(cls, server: str | None) -> str | None:
        if server is None:
            return None
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("expected a URL such as http://127.0.0.1:8000/v1")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ValueError("a base URL has no user, password, query or fragment; keys go by api_key_env")
        return server.rstrip("/")

    @model_validator(mode="after")
    def _server_and_backend_agree(self) -> "GeneratorSettings":
        if self.server is not None and self.backend != "openai":
            raise ValueError(
                f"server: the backend {self.backend!r} takes none; leave backend unset or say 'openai'"
            )
        if self.server is None and self.backend == "openai":
            raise ValueError(
                "server: the backend 'openai' needs the base URL of one, such as http://127.0.0.1:8000/v1"
            )
        return self
