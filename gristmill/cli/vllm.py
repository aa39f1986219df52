"""`gristmill vllm`: a vLLM server in the foreground, with what is needed to draw from it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import click

from gristmill.runs.cancellation import StopRequest


class _Stop(StopRequest):
    """The first signal ends the server and waits for its end; the second does not wait."""

    def receive(self, received: signal.Signals) -> None:
        if self.signal is not None:
            os._exit(128 + received)
        self.signal = received
        click.echo("stopping the server; once more ends it without waiting", err=True)
        self.event.set()


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--python", help="Interpreter that has vLLM; unset: the one that runs Gristmill.")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("gristmill-vllm.log"),
    show_default=True,
    help="File for what the server prints; it is added to.",
)
@click.option(
    "--timeout-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=1800,
    show_default=True,
    help="Seconds that the server may take to answer.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def vllm(python: str | None, log: Path, timeout_seconds: float, arguments: Sequence[str]) -> None:
    """Start a vLLM server, say when it answers, and keep it until Ctrl-C.

    ARGUMENTS, after --, are vLLM's own, such as: gristmill vllm -- --model NAME --max-model-len 4096. It
    listens on this machine alone, on a free port, unless they say otherwise. A server that dies is started
    again, three times in a row at most.
    """
    received = asyncio.run(_serve(arguments, python, log, timeout_seconds))
    if received is not None:
        raise SystemExit(128 + received)


async def _serve(
    arguments: Sequence[str], python: str | None, log: Path, timeout_seconds: float
) -> int | None:
    """Returns the signal that ended it. Raises UnavailableError when the server does not come up or back."""

    from gristmill.generators.launch.launch import launched
    from gristmill.generators.launch.server import LaunchTimeouts
    from gristmill.runs.cancellation import stop_on_signals, unless_stopped

    async def hold() -> None:
        async with launching as server:
            click.echo(f"The server answers at {server.url}")
            click.echo(f"gristmill run dart-uniform --dataset FILE --server {server.url}")
            await server.lost()

    with stop_on_signals(_Stop()) as stop:
        launching = launched(
            arguments,
            log=log,
            python=python,
            timeouts=LaunchTimeouts(start_seconds=timeout_seconds),
            say=lambda line: click.echo(line, err=True),
        )
        await unless_stopped(stop.event, hold())
        return stop.signal
