"""Instructions per second through all filters that need no model, with indexes that grow with each accepted.

    python -m benchmarks.gates
    python -m benchmarks.gates --dataset gsm8k_train.jsonl --benchmark gsm8k_test.jsonl

Each instruction goes through `InstructionFilters.fault`, and where nothing objects through `admit`, as in a
run. Those made by rule come with planted ones: each must be turned away for its own reason. Then, at the full
size of the indexes: microseconds of each filter, the time to build the indexes anew with and without stored
signatures, and the baseline: ROUGE-L by brute force against every known instruction, which must say the same
as the index.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.instructions import Made, benchmark_items, instructions
from gristmill.text.words import folded_words
from gristmill.verifiers.filters.instructions import InstructionFilters, Known
from gristmill.verifiers.filters.known import Candidate
from gristmill.verifiers.filters.rouge import RougeIndex, rouge_l
from gristmill.verifiers.filters.settings import FilterSettings
from gristmill.verifiers.reasons import Reason

SEED = 1
SAMPLE = 1000
BLOCKLIST = ("forbidden phrase", "swearword", "another word")


def resident_mb(field: str = "VmRSS") -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def run_filters(
    filters: InstructionFilters, made: Sequence[Made]
) -> tuple[list[str], Counter[str], Counter[str]]:
    """Accepted texts, counts by reason, and planted ones that were not turned away for their own reason."""
    accepted, counts, wrong = list[str](), Counter[str](), Counter[str]()
    for number, one in enumerate(made):
        fault = filters.fault(one.text) or filters.admit(f"problem-{number}", one.text)
        reason = Reason.NEW if fault is None else fault.reason
        counts[reason] += 1
        if fault is None:
            accepted.append(one.text)
        if one.wanted is not None and reason is not one.wanted:
            wrong[f"{one.wanted} as {reason}"] += 1
    return accepted, counts, wrong


def show_run(filters: InstructionFilters, made: Sequence[Made]) -> list[str]:
    filters.fault("Say something first, so that the language model is loaded before the clock runs.")
    before, started, cpu = resident_mb(), time.perf_counter(), time.process_time()
    accepted, counts, wrong = run_filters(filters, made)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    words = sum(len(folded_words(one.text)) for one in made[:SAMPLE]) / len(made[:SAMPLE])
    print(
        f"{len(made):,} instructions of {words:.0f} words in the mean: {len(made) / seconds:,.0f} per second,"
    )
    print(f"  {len(made) / cpu:,.0f} per second of processor time")
    growth = resident_mb("VmHWM") - before
    print(f"  peak memory grew by {growth:.0f} MB: {growth / len(accepted) * 1000:.2f} KB an accepted one")
    print("  " + ", ".join(f"{reason} {count:,}" for reason, count in counts.most_common()))
    print(f"  planted and not turned away for their own reason: {dict(wrong) or 'none'}", flush=True)
    return accepted


def show_filters(filters: InstructionFilters, texts: Sequence[str]) -> None:
    """Microseconds a text in each filter, all asked whatever the others say, with the indexes as they are."""
    spent = dict.fromkeys(filters.filters, 0.0)
    for text in texts:
        candidate = Candidate(text)
        for name, filter in filters.filters.items():
            started = time.perf_counter()
            filter(candidate)
            spent[name] += time.perf_counter() - started
    total = sum(spent.values())
    print(f"microseconds a text by filter, {len(filters):,} known:")
    for name, seconds in spent.items():
        print(f"  {name:<12}{seconds / len(texts) * 1e6:>8.1f}{seconds / total:>7.0%}", flush=True)


def show_rebuild(settings: FilterSettings, accepted: Sequence[str]) -> None:
    filters = InstructionFilters(settings)
    started = time.perf_counter()
    signed = [Known(str(number), text, filters.signature(text)) for number, text in enumerate(accepted)]
    print(f"signatures of {len(accepted):,}: {time.perf_counter() - started:.1f} s to make")
    plain = [Known(one.problem_id, one.text) for one in signed]
    for name, known in (("without", plain), ("with", signed)):
        started = time.perf_counter()
        InstructionFilters(settings, known)
        print(f"  indexes built anew {name} them: {time.perf_counter() - started:.1f} s", flush=True)


def show_brute_force(accepted: Sequence[str], queries: Sequence[str], limit: float) -> None:
    """The baseline compares with every text; both must say the same."""
    index, texts = RougeIndex(limit), [folded_words(text) for text in accepted]
    for text in texts:
        index.add(text)
    asked = [folded_words(text) for text in queries]
    started = time.perf_counter()
    by_index = [index.nearest(words) for words in asked]
    index_seconds = (time.perf_counter() - started) / len(asked)
    started = time.perf_counter()
    best = [max(rouge_l(words, text) for text in texts) for words in asked]
    brute_seconds = (time.perf_counter() - started) / len(asked)
    assert [answer[1] if answer else None for answer in by_index] == [b if b > limit else None for b in best]
    print(f"ROUGE-L of {len(asked)} texts to {len(texts):,}, {sum(b > limit for b in best)} above {limit}:")
    print(f"  by index {index_seconds * 1000:.2f} ms, by brute force {brute_seconds * 1000:.1f} ms,", end=" ")
    print(f"{brute_seconds / index_seconds:,.0f} times as long; same answers", flush=True)


def read_texts(file: str) -> list[Made]:
    with Path(file).open(encoding="utf-8") as lines:
        return [Made(str(json.loads(line)["question"])) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=100_000, help="instructions made by rule")
    parser.add_argument("--dataset", metavar="FILE", help="JSON Lines with `question`, instead of those")
    parser.add_argument("--benchmark", metavar="FILE", help="instead of 1,000 items made by rule")
    parser.add_argument("--queries", type=int, default=40, help="texts for the brute force")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        items = benchmark_items(1000, SEED + 1)
        benchmark, blocklist = Path(folder, "benchmark.txt"), Path(folder, "blocklist.txt")
        benchmark.write_text("\n".join(items))
        blocklist.write_text("\n".join(BLOCKLIST))
        settings = FilterSettings(benchmark=(options.benchmark or str(benchmark),), blocklist=str(blocklist))
        made = (
            read_texts(options.dataset) if options.dataset else list(instructions(options.count, SEED, items))
        )
        filters = InstructionFilters(settings)
        accepted = show_run(filters, made)
        fresh = [one.text for one in instructions(SAMPLE, SEED + 2, items)]
        show_filters(filters, fresh)
        show_rebuild(settings, accepted)
        queries = [
            *fresh[: options.queries // 2],
            *(text + " Say why." for text in accepted[-options.queries // 2 :]),
        ]
        show_brute_force(accepted, queries, settings.rouge_limit)


if __name__ == "__main__":
    main()
