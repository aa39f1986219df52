"""Settings of a judge model: the model, how it is asked, and the rubric it judges by.

Without a server of its own the judge is what the run draws from: the same servers or the same model on the
CPU, with the judge's own way of sampling. Every description is the help of a flag.
"""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from gristmill.generators.settings import GeneratorSettings, RubricMode
from gristmill.sampling.errors import ConfigError

if TYPE_CHECKING:
    from gristmill.generators.judge_prompts import Rubric

LONGEST_RUBRIC = 20_000

_LEFT_OPEN = {
    "top_p": 1.0,
    "top_k": None,
    "min_p": None,
    "presence_penalty": None,
    "frequency_penalty": None,
    "repetition_penalty": None,
    "stop": (),
    "logprobs": False,
    "tool_rounds": 0,
}
"""What a run sets for its responses, and has no business in a judgement."""


class JudgeSettings(BaseModel):
    """Of use to the verifier `rubric` alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, hide_input_in_errors=True)

    judge_server: str | None = Field(
        None,
        min_length=1,
        description="Base URL of the judge model's server; unset: what the run draws from judges as well.",
    )
    judge_model: str | None = Field(
        None, min_length=1, description="Judge model to ask for; unset: the only one, or the run's own."
    )
    judge_api_key_env: str = Field(
        "OPENAI_API_KEY",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="Name of the environment variable that holds the key of the judge's server.",
    )
    rubric: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_RUBRIC,
        description="What the judge model judges by: a file, or the text itself.",
    )
    rubric_mode: RubricMode = Field(
        "score", description="Score each response, or compare it with the problem's reference in both orders."
    )
    rubric_scale: int = Field(5, ge=2, le=100, description="Best score; the worst is 1.")
    rubric_least: int = Field(4, ge=1, le=100, description="Least score of a response that is accepted.")
    judge_guided: bool = Field(True, description="Have the server hold the judge to the form of its answer.")
    judge_max_tokens: int = Field(256, ge=16, le=100_000, description="Tokens a judgement may have.")
    judge_temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature of the judge.")
    judge_concurrency: int | None = Field(
        None, ge=1, le=65_536, description="Judgements in flight; unset: the backend's own."
    )
    judge_timeout_seconds: float = Field(
        120, gt=0, le=86_400, description="Seconds one request to the judge may take."
    )
    judge_tries: int = Field(4, ge=1, le=100, description="Tries of one judgement before it is given up.")
    judge_outage_seconds: float = Field(
        600, ge=0, le=604_800, description="Seconds that a run waits while no judge answers."
    )

    @field_validator("judge_server")
    @classmethod
    def _is_a_base_url(cls, server: str | None) -> str | None:
        if server is None:
            return None
        try:
            return GeneratorSettings.model_validate({"server": server}).server[0]
        except ValidationError as exc:
            raise ValueError(str(exc.errors(include_url=False)[0]["ctx"]["error"])) from exc

    @field_validator("rubric")
    @classmethod
    def _says_something(cls, rubric: str | None) -> str | None:
        if rubric is not None and not rubric.strip():
            raise ValueError("a rubric cannot be empty")
        return rubric

    @model_validator(mode="after")
    def _can_be_reached(self) -> "JudgeSettings":
        if self.rubric_least > self.rubric_scale:
            raise ValueError(
                f"rubric_least: {self.rubric_least} is more than the best score, {self.rubric_scale}"
            )
        return self


def check_judge(settings: JudgeSettings) -> "Rubric":
    """What is judged by. Raises ConfigError where there is no rubric."""
    if settings.rubric is None:
        raise ConfigError("rubric: the verifier 'rubric' needs one, as a text or the name of a file")
    from gristmill.generators.judge_prompts import Rubric

    return Rubric(settings.rubric, settings.rubric_mode, settings.rubric_scale, settings.rubric_least)


def generator_settings(judge: JudgeSettings, own: GeneratorSettings) -> GeneratorSettings:
    """How the judge model is opened. `own` are the run's settings, a launched server among them by its
    address. Raises ConfigError where what the run draws from cannot judge beside that.
    """
    base: dict[str, Any] = {"backoff_seconds": own.backoff_seconds}
    if judge.judge_server is not None:
        base |= {"server": judge.judge_server, "api_key_env": judge.judge_api_key_env}
    else:
        if own.backend == "vllm":
            raise ConfigError(
                "judge_server: vLLM in process has room for one model; name the server of a judge"
            )
        if own.launch is not None and not own.server:
            raise ConfigError("judge_server: the address of the launched server is not known; name one")
        base = own.model_dump()
    values = {
        "model": judge.judge_model or base.get("model"),
        "guided": judge.judge_guided,
        "max_tokens": judge.judge_max_tokens,
        "temperature": judge.judge_temperature,
        "concurrency": judge.judge_concurrency,
        "request_timeout_seconds": judge.judge_timeout_seconds,
        "tries": judge.judge_tries,
        "outage_seconds": judge.judge_outage_seconds,
    }
    return GeneratorSettings.model_validate({**base, **_LEFT_OPEN, **values})
