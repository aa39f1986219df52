"""What the parameters of a deployment may name, and that there is none of which nobody has thought."""

import asyncio
import importlib
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, TypeAdapter

from gristmill.flows.deploy.prefect_yaml import read_deployments, shipped_file
from gristmill.flows.deploy.register import checked_deployments
from gristmill.flows.jobs.export import ExportJob
from gristmill.flows.jobs.report import ReportJob
from gristmill.flows.jobs.top_up import TopUpJob
from gristmill.flows.jobs.work import WorkJob, _work
from gristmill.flows.lifecycle import synthesize, with_retries
from gristmill.flows.parameter_rules import (
    KEYS_VARIABLE,
    KINDS,
    LAUNCH_VARIABLE,
    PATHS_VARIABLE,
    check_parameters,
)
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError
from tests.support.commands import SCRIPTED, Workplace, verify_here

SERVER = "http://127.0.0.1:1/v1"


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def holds_text(annotation: Any) -> bool:
    return annotation in (str, Path, bytes, Any) or any(map(holds_text, get_args(annotation)))


def texts_of(name: str, annotation: Any, pattern: object = None) -> Iterator[str]:
    """The parameters at or below one that may hold any text; those of a pattern are names."""
    models = list(models_in(annotation))
    for model in models:
        for inner, field in model.model_fields.items():
            yield from texts_of(inner, field.annotation)
    if not models and holds_text(annotation):
        yield name


def parameters() -> Iterator[str]:
    """Of every flow that can be deployed."""
    for block in read_deployments(shipped_file()):
        module, _, flow = block.imported_from.rpartition(".")
        function = getattr(importlib.import_module(module), flow).fn
        for name, annotation in get_type_hints(function, include_extras=True).items():
            if name in inspect.signature(function).parameters:
                yield from texts_of(name, annotation)


def test_every_parameter_that_holds_a_text_has_a_kind_and_no_other_has() -> None:
    assert set(parameters()) | {"unsafe_no_isolation"} == set(KINDS)


def test_every_flow_that_can_be_deployed_is_shipped() -> None:
    """Else the test above would not look at it."""
    folder = Path(__file__).parents[2] / "flows"
    flows = [file for file in folder.rglob("*.py") if "\n@flow(" in file.read_text("utf-8")]
    assert len(flows) == len({block.imported_from for block in read_deployments(shipped_file())})


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


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, itself reached by a link, with links into itself and out of it."""
    for name in ("secret.jsonl", "home"):
        (tmp_path / name).touch()
    real = tmp_path / "real"
    (real / "inner").mkdir(parents=True)
    (real / "with-link").mkdir()
    (real / "mine.jsonl").touch()
    (real / "good-link.jsonl").symlink_to(real / "mine.jsonl")
    (real / "inner" / "good-link.txt").symlink_to(real / "mine.jsonl")
    (real / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (real / "with-link" / "notes.txt").symlink_to(tmp_path / "secret.jsonl")
    (real / "linked").symlink_to(tmp_path)
    (real / "loop").symlink_to(real / "loop")
    (tmp_path / "work").symlink_to(real)
    monkeypatch.chdir(tmp_path / "work")
    for variable in (KEYS_VARIABLE, LAUNCH_VARIABLE, PATHS_VARIABLE):
        monkeypatch.setenv(variable, "")
    return real


@pytest.mark.parametrize(
    ("given", "where"), [*KEYS, *PROGRAMS, *PATHS], ids=[where for _, where in [*KEYS, *PROGRAMS, *PATHS]]
)
def test_what_only_the_owner_may_say_is_refused_by_its_name(given: Given, where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_parameters(read(given), "parameters.")
    assert str(caught.value).startswith(f"parameters.{where}: ")


@pytest.mark.parametrize("given", MAY_BE)
def test_what_stays_here_may_be(given: Given) -> None:
    check_parameters(read(given))


@pytest.mark.parametrize(
    ("cases", "variable", "value"),
    [
        (KEYS[:1], KEYS_VARIABLE, "OTHER, PATH"),
        (PROGRAMS, LAUNCH_VARIABLE, "1"),
        (PATHS, PATHS_VARIABLE, "1"),
    ],
)
def test_each_permission_gives_what_it_is_for_and_nothing_else(
    cases: list[tuple[Given, str]], variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    for given, _ in cases:
        check_parameters(read(given))
    for given, _ in [case for case in [*KEYS, *PROGRAMS, *PATHS] if case not in cases]:
        with pytest.raises(ConfigError):
            check_parameters(read(given))


async def test_a_flow_run_that_names_what_it_may_not_fails_and_does_nothing() -> None:
    async def work() -> State[str]:
        raise AssertionError("it began")

    state = await with_retries(ExportJob(out=Path("/srv/out")), work)
    assert state.is_failed()
    assert state.message is not None
    assert state.message.startswith("out: /srv/out leads out of the folder ")
    assert (await with_retries(ExportJob(), _nothing)).is_completed()


async def test_so_does_one_that_draws() -> None:
    async def work(run_id: str) -> State[str]:
        raise AssertionError("it began")

    given = read(config(dataset={"dataset": OUTSIDE}))
    assert isinstance(given, RunConfig)
    state = await synthesize(given, None, work)
    assert state.is_failed()
    assert str(state.message).startswith(f"dataset.dataset: {OUTSIDE} leads out of the folder ")


async def test_a_worker_takes_no_key_that_a_command_may_have_taken_for_its_run(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its servers are the deployment's: it would send the key to them."""
    verify_here(monkeypatch)
    flags = ("--limit", "1", "--quota", "1", "--ceiling", "2", "--api-key-env", "HF_TOKEN", "--run-id", "a")
    await asyncio.to_thread(workplace.does, "run", "dart-uniform", *SCRIPTED, *flags)
    with pytest.raises(ConfigError, match="run a: api_key_env: a deployment takes keys from OPENAI_API_KEY"):
        await _work(WorkJob(run_id="a", servers=(SERVER,)))


async def _nothing() -> State[str]:
    return Completed(data="")


@pytest.mark.parametrize(
    ("sections", "says"),
    [
        (
            "generator: {server: 'http://h/v1', api_key_env: PATH}",
            "generator.api_key_env: a deployment takes keys",
        ),
        ("generator: {launch: '--model x'}", "generator.launch: .* without `serve --allow-launch`"),
        ("dataset: {dataset: /data/x.jsonl}", "dataset.dataset: /data/x.jsonl leads out of the folder"),
    ],
)
def test_a_file_that_is_served_is_told_where_its_runs_would_fail(
    sections: str, says: str, folder: Path
) -> None:
    """Where others run it, their hosts say what may be."""
    file = folder / "prefect.yaml"
    dataset = "" if sections.startswith("dataset") else "dataset: {dataset: demo}, "
    file.write_text(f"""
deployments:
  - name: math
    entrypoint: gristmill.flows.synthesize_math.synthesize_math
    tags: [gristmill]
    parameters:
      config: {{recipe: dart-uniform, {dataset}{sections}, policy: {{policy: vanilla, trials: 1}}}}
""")
    with pytest.raises(ConfigError, match=f"deployment 'math': parameters.config.{says}"):
        checked_deployments(file, limit=4)
    assert checked_deployments(file)


@pytest.mark.parametrize(
    ("section", "flag"),
    [
        ("generator: {launch: '--model x'}", "--allow-launch"),
        ("dataset: {dataset: /data/x.jsonl}", "--allow-paths"),
    ],
)
def test_serve_takes_such_a_file_with_the_flag_that_the_refusal_names(
    section: str, flag: str, workplace: Workplace
) -> None:
    given = "recipe: dart-uniform, policy: {policy: vanilla, trials: 1}"
    dataset = "" if section.startswith("dataset") else "dataset: {dataset: demo}, "
    workplace.write(
        "prefect.yaml",
        f"""
deployments:
  - {{name: a, entrypoint: gristmill.flows.synthesize_math.synthesize_math, tags: [gristmill],
      parameters: {{config: {{{given}, {dataset}{section}}}}}}}
  - {{name: b, entrypoint: gristmill.flows.synthesize_math.synthesize_math, tags: [gristmill],
      parameters: {{no-such: 1}}}}
""",
    )
    serve = ("serve", "--in-own-session")
    assert f"without `serve {flag}`" in workplace.refuses(*serve)
    other = "--allow-paths" if flag == "--allow-launch" else "--allow-launch"
    assert f"without `serve {flag}`" in workplace.refuses(*serve, other)
    assert "deployment 'b': parameters: synthesize-math has no 'no-such'" in workplace.refuses(*serve, flag)


def test_the_shipped_file_can_be_served_as_it_is() -> None:
    assert checked_deployments(shipped_file(), limit=4)


def test_a_form_has_the_models_that_are_checked() -> None:
    """A parameter of another type would pass unseen."""
    for block in read_deployments(shipped_file()):
        module, _, flow = block.imported_from.rpartition(".")
        hints = get_type_hints(getattr(importlib.import_module(module), flow).fn, include_extras=True)
        for name in inspect.signature(getattr(importlib.import_module(module), flow).fn).parameters:
            schema = TypeAdapter(hints[name]).json_schema()
            kinds = [schema, *schema.get("anyOf", [])]
            assert any(
                "properties" in one or "pattern" in one or one.get("type") == "integer" for one in kinds
            )
