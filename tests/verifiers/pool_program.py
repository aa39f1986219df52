"""A program that opens a verifier pool and waits: test_pool.py signals it from outside."""

import asyncio
import multiprocessing
import signal
import sys

from gristmill.sampling.records import FinishReason, Problem, Response
from gristmill.verifiers.pool import VerifierPool
from gristmill.verifiers.settings import VerifierSettings

ENDLESS = r"\boxed{9!!!!!!!!!}"


def response(text: str) -> Response:
    return Response(text, FinishReason.STOP, 1, 1, 0.1, "model")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def host(text: str) -> None:
    """Prints the processes' ids once two are at work on the text, then a verdict for each line it reads."""
    signal.signal(signal.SIGINT, lambda *_: None)
    say("starting")
    async with VerifierPool(VerifierSettings(verify_timeout_seconds=120, verify_workers=3)) as pool:
        problem = Problem("id", "prompt", "5")
        tasks = [asyncio.ensure_future(pool.judge(problem, response(text))) for _ in range(2)]
        await asyncio.sleep(0)
        await pool.judge(problem, response(r"\boxed{5}"))  # tasks are taken in order: both are at work by now
        say(" ".join(str(child.pid) for child in multiprocessing.active_children()))
        while await asyncio.to_thread(sys.stdin.readline):
            say((await pool.judge(problem, response(r"\boxed{5}"))).reason)
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(host(ENDLESS if sys.argv[1] == "endless" else r"\boxed{5}"))
