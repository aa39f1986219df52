"""Parameters of deployments: those that a deployment may have by default, and those that it may not, by kind.

Paths are those of the working folder that the test makes.
"""

from collections.abc import Mapping

from pydantic import BaseModel

from gristmill.flows.jobs.export import ExportJob
from gristmill.flows.jobs.report import ReportJob
from gristmill.flows.jobs.top_up import TopUpJob
from gristmill.runs.settings.run import RunConfig

SERVER = "http://127.0.0.1:1/v1"


Given = tuple[type[BaseModel], dict[str, object]]
"""A parameter's model and what is given for it; it is read in the working folder of the test."""


def config(**sections: Mapping[str, object]) -> Given:
    given: dict[str, object] = {
        "recipe": "r",
        "dataset": {"dataset": "demo"},
        "policy": {"policy": "vanilla", "trials": 1},
    }
    return RunConfig, given | sections


def read(given: Given) -> BaseModel:
    model, values = given
    return model.model_validate(values)


def top_up(given: Given, **values: object) -> Given:
    return TopUpJob, {"config": given[1], **values}


def made(maker: str = "self-instruct", **instructions: object) -> Given:
    seeds = {} if "documents" in instructions else {"seeds": "seeds.jsonl"}
    return config(dataset={}, instructions={"maker": maker, **seeds, **instructions})


def served(**generator: object) -> Given:
    return config(generator={"server": SERVER, **generator})


OUTSIDE = "/etc/hostname"
KEYS: list[tuple[Given, str]] = [
    (served(api_key_env="PATH"), "generator.api_key_env"),
    (served(api_key_env="AWS_SECRET_ACCESS_KEY"), "generator.api_key_env"),
    (served(api_key_env="GRISTMILL_DATABASE_URL"), "generator.api_key_env"),
    (served(api_key_env="MY_OPENAI_API_KEY"), "generator.api_key_env"),
    (served(api_key_env="OPENAI_API_KEY_2"), "generator.api_key_env"),
    (served(api_key_env="gristmill_a_key"), "generator.api_key_env"),
    (config(judge={"judge_server": SERVER, "judge_api_key_env": "HF_TOKEN"}), "judge.judge_api_key_env"),
    (top_up(served(api_key_env="HF_TOKEN")), "config.generator.api_key_env"),
]
PROGRAMS: list[tuple[Given, str]] = [
    (config(generator={"launch": "--model x"}), "generator.launch"),
    (config(generator={"launch": "--model x", "launch_python": "./python"}), "generator.launch"),
    (config(generator={"backend": "vllm", "engine_args": "--trust-remote-code"}), "generator.engine_args"),
    (config(verifier={"unsafe_no_isolation": True}), "verifier.unsafe_no_isolation"),
]
PATHS: list[tuple[Given, str]] = [
    (config(dataset={"dataset": OUTSIDE}), "dataset.dataset"),
    (config(dataset={"dataset": "../secret.jsonl"}), "dataset.dataset"),
    (config(dataset={"dataset": "inner/../../secret.jsonl"}), "dataset.dataset"),
    (config(dataset={"dataset": "~/secret.jsonl"}), "dataset.dataset"),
    (config(dataset={"dataset": "~nobody-of-that-name/x"}), "dataset.dataset"),
    (config(dataset={"dataset": "a\x00b"}), "dataset.dataset"),
    (config(dataset={"dataset": "link.jsonl"}), "dataset.dataset"),
    (config(dataset={"dataset": "linked/secret.jsonl"}), "dataset.dataset"),
    (config(dataset={"dataset": "loop"}), "dataset.dataset"),
    (made(seeds=OUTSIDE), "instructions.seeds"),
    (made(blocklist=OUTSIDE), "instructions.blocklist"),
    (made(benchmark=["mine.jsonl", OUTSIDE]), "instructions.benchmark"),
    (made("extract-then-generate", documents=["inner", "/etc"]), "instructions.documents"),
    (made("extract-then-generate", documents=["with-link"]), "instructions.documents"),
    (config(generator={"embedded_model": "/models/a.gguf"}), "generator.embedded_model"),
    (config(generator={"backend": "vllm", "model": "/models/a"}), "generator.model"),
    ((ExportJob, {"out": "/srv/out"}), "out"),
    ((ExportJob, {"settings": {"filter": {"benchmarks": [OUTSIDE]}}}), "settings.filter.benchmarks"),
    ((ReportJob, {"runs": ["a"], "out": "../report.html"}), "out"),
    (top_up(config(), exports="/srv"), "exports"),
    (top_up(config(dataset={"dataset": OUTSIDE})), "config.dataset.dataset"),
]
MAY_BE: list[Given] = [
    config(),
    served(api_key_env="OPENAI_API_KEY"),
    served(api_key_env="GRISTMILL_BIG_KEY"),
    served(model="/models/a"),
    config(dataset={"dataset": "mine.jsonl"}),
    config(dataset={"dataset": "not-there-yet.jsonl"}),
    config(dataset={"dataset": "./inner/../mine.jsonl"}),
    config(dataset={"dataset": "good-link.jsonl"}),
    config(generator={"backend": "vllm", "model": "org/name"}),
    config(verifier={"verifier": "structure", "grammar": 'start: "/etc/passwd"'}),
    config(judge={"rubric": "Does it name ../../the/file?"}),
    made(),
    made("extract-then-generate", documents=["inner"]),
    (ExportJob, {}),
    (ExportJob, {"out": "inner/out"}),
    (ReportJob, {"runs": ["a"]}),
    top_up(config()),
]
