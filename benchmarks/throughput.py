"""How fast draws come, beside what the same servers give to a bare loop.

    python -m benchmarks.throughput vllm --start --dataset gsm8k_train.jsonl
    python -m benchmarks.throughput stub
    python -m benchmarks.throughput prefix --start --dataset gsm8k_train.jsonl

`vllm`: tokens per second of the whole flow on a real vLLM server. `stub`: draws in flight and processor time,
2,048 in flight over four stub servers, and 256 at one. `prefix`: whether requests for several responses beat
single ones on vLLM. `--start` starts a vLLM on the CPU for as long as it takes; `--server` names one that
runs, and that has nothing else to do. Everything shares one machine, so read the ratios.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks import vllm_flow, vllm_prefix
from benchmarks.pipeline import Load, compare
from benchmarks.vllm_flow import Work, compare_on_vllm
from benchmarks.vllm_prefix import Asked, compare_shapes
from benchmarks.vllm_server import PYTHON, vllm_server

LOADS = (Load(1024, 8, 256), Load(4096, 4, 2048, stubs=4, median_seconds=8.0))


def vllm(options: argparse.Namespace) -> None:
    size = (options.limit, options.trials, options.max_tokens, options.in_flight)
    work = Work(str(options.dataset), *size, direct=options.direct)
    with (
        tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder,
        vllm_server(options.server, options.python, Path(folder), *vllm_flow.ENGINE) as server,
    ):
        compare_on_vllm(server, work, options.rounds)


def stub(options: argparse.Namespace) -> None:
    for load in LOADS:
        compare(load, options.rounds, None)


def prefix(options: argparse.Namespace) -> None:
    size = (options.limit, options.responses, options.max_tokens, options.in_flight)
    asked = Asked(options.dataset, *size, examples=options.examples)
    caches = {"cache for all prompts": vllm_prefix.LARGE, "cache for those in flight": vllm_prefix.SMALL}
    if options.server is not None:
        caches = {"cache of the server": ()}
    for name, arguments in caches.items():
        with (
            tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder,
            vllm_server(
                options.server, options.python, Path(folder), *vllm_prefix.ENGINE, *arguments
            ) as server,
        ):
            compare_shapes(server, asked, options.rounds, name)


def _on_vllm(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--server", metavar="URL", help="base URL of a vLLM server, ending in /v1")
    which.add_argument("--start", action="store_true", help="start one on the CPU")
    parser.add_argument("--python", type=Path, default=PYTHON, help="interpreter that has vLLM, for --start")
    parser.add_argument("--dataset", type=Path, required=True, help="GSM8K as JSON Lines")
    return parser


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(required=True)
    flow = _on_vllm(commands.add_parser("vllm"))
    flow.set_defaults(call=vllm, limit=40, max_tokens=128, in_flight=64)
    flow.add_argument("--trials", type=int, default=6, help="responses to each problem")
    flow.add_argument("--direct", action="store_true", help="the run goes without Prefect")
    shapes = _on_vllm(commands.add_parser("prefix"))
    shapes.set_defaults(call=prefix, limit=24, max_tokens=32, in_flight=16)
    shapes.add_argument("--responses", type=int, default=8, help="responses to each problem, in eights")
    shapes.add_argument("--examples", type=int, default=4, help="worked examples before each problem")
    for each in (flow, shapes):
        each.add_argument("--limit", type=int, help="problems")
        each.add_argument("--max-tokens", type=int, help="tokens a response may have")
        each.add_argument("--in-flight", type=int)
        each.add_argument("--rounds", type=int, default=3)
    stubs = commands.add_parser("stub")
    stubs.set_defaults(call=stub)
    stubs.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    options.call(options)


if __name__ == "__main__":
    main()
