"""`gristmill deploy`: what `prefect.yaml` deploys, registered for the workers of a work pool.

It makes the pool and the automations, and leaves the registering to `prefect deploy --all`, after every
deployment of the file has been checked. Nothing is started: workers are, one on each host.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gristmill.flows.deploy.register import Checked

from gristmill.sampling.errors import ConfigError, UnavailableError

_MOST_SECONDS_BETWEEN_HEARTBEATS = 30
_STEPS = """
One worker for what cuts, judges, reports and starts others:
  prefect worker start --pool {pool} --work-queue default
One on each GPU host, with its own inference server:
  GRISTMILL_SERVERS=http://127.0.0.1:8000/v1 prefect worker start --pool {pool} --work-queue gpu --limit 1
each with PREFECT_API_URL={url}, and with the same GRISTMILL_DATABASE_URL (PostgreSQL).
To stop a host: prefect work-queue pause gpu --pool {pool}; wait for its run, or cancel it; then its worker.
"""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--pool", metavar="NAME", help="Work pool, in place of those of the file; made if missing.")
@click.option("--pause-on-drop", is_flag=True, help="Pause a deployment whose share of accepted drops.")
def deploy(file: Path | None, pool: str | None, pause_on_drop: bool) -> None:
    """Register the deployments of FILE with the Prefect server that PREFECT_API_URL names, for workers.

    FILE is `prefect.yaml` in the working directory unless named, and the shipped one where there is none.
    """

    from gristmill.flows.deploy.prefect_yaml import file_to_use
    from gristmill.flows.local import set_quiet, without_user
    from gristmill.reports.console import console, plain

    set_quiet()
    file = file_to_use(file)
    from gristmill.flows.deploy.register import checked_deployments, former_entrypoints_line

    err = console(stderr=True)
    checked = checked_deployments(file)
    if line := former_entrypoints_line(file, checked):
        err.print(plain(line))
    pools = {one.block.name: pool or one.block.work_pool.name for one in checked}
    _check_for_workers(file, checked, pools)
    url = _server()
    if line := asyncio.run(
        _prepare(sorted({name for name in pools.values() if name}), checked, pause_on_drop)
    ):
        err.print(plain(line))
    with _as_deployed(file, checked, pool) as copy:
        _prefect_deploy(copy)
    for one in checked:
        err.print(plain(f"{one.deployment.full_name} in {pools[one.block.name]}"))
    for name in sorted({name for name in pools.values() if name}):
        err.print(plain(_STEPS.format(pool=name, url=without_user(url))), soft_wrap=True)


def _check_for_workers(file: Path, checked: Sequence[Checked], pools: dict[str, str | None]) -> None:
    from gristmill.flows.deploy.block import HEARTBEAT_VARIABLE

    for one in checked:
        where = f"{file}: deployment {one.block.name!r}"
        if pools[one.block.name] is None:
            raise ConfigError(f"{where}: work_pool.name is missing; name one there, or by --pool")
        variables: Any = one.block.work_pool.job_variables.get("env")
        seconds = variables.get(HEARTBEAT_VARIABLE) if isinstance(variables, dict) else None
        if not str(seconds).isdigit() or int(str(seconds)) > _MOST_SECONDS_BETWEEN_HEARTBEATS:
            raise ConfigError(
                f"{where}: work_pool.job_variables.env.{HEARTBEAT_VARIABLE} must be "
                f'"{_MOST_SECONDS_BETWEEN_HEARTBEATS}", else its runs are taken for dead'
            )


def _server() -> str:
    from prefect.settings import PREFECT_API_URL

    from gristmill.flows.local import require_prefect

    url: str | None = PREFECT_API_URL.value()
    if not url:
        raise ConfigError(
            "no Prefect server is named: start one by `prefect server start` (or `gristmill serve` on this "
            "machine alone), then set PREFECT_API_URL to it, http://127.0.0.1:4200/api"
        )
    require_prefect(url, "name another")
    return url


async def _prepare(pools: list[str], checked: Sequence[Checked], pause_on_drop: bool) -> str | None:
    """Returns what is to be said of stored deployments that were changed."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    from gristmill.flows.deploy.automations import install_automations
    from gristmill.flows.deploy.entrypoints import stored_line, update_stored_entrypoints
    from gristmill.flows.deploy.register import keep_what_people_set

    async with get_client() as client:
        for name in pools:
            try:
                await client.read_work_pool(name)
            except ObjectNotFound:
                await client.create_work_pool(WorkPoolCreate(name=name, type="process"))
        changed = await update_stored_entrypoints(client)
        await keep_what_people_set(client, checked)
        await install_automations(client, pause_on_drop=pause_on_drop)
    return stored_line(changed) if changed else None


@contextmanager
def _as_deployed(file: Path, checked: Sequence[Checked], pool: str | None) -> Iterator[Path]:
    """A copy of the file with the pool in it, with `paused` where Prefect would take a pause away, and with
    the schedules that people added.
    """

    import yaml

    from gristmill.flows.deploy.schedules import as_written

    content = yaml.safe_load(file.read_text("utf-8"))
    for deployment, one in zip(content["deployments"], checked, strict=True):
        deployment["entrypoint"] = one.block.imported_from
        deployment["paused"] = bool(one.deployment.paused)
        deployment["schedules"] = [as_written(schedule) for schedule in one.schedules]
        if pool is not None:
            deployment["work_pool"] = {**deployment.get("work_pool", {}), "name": pool}
    with tempfile.TemporaryDirectory(prefix="gristmill-deploy-") as folder:
        copy = Path(folder) / "prefect.yaml"
        copy.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
        yield copy


def _prefect_deploy(file: Path) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = subprocess.run(  # noqa: S603
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line.strip(" │╭╮╰╯─") for line in (done.stdout + done.stderr).splitlines()]
        raise UnavailableError("prefect deploy failed: " + " | ".join([line for line in lines if line][-5:]))
