"""Peak memory of a run against its attempts: 2,000 problems, responses by script without latency, verified by
the pool and stored in SQLite. Nothing that a run holds may grow with the attempts it has made.
"""

import tempfile
from pathlib import Path

from benchmarks.processes import Role, Usage, measured
from benchmarks.sums import check_store, run_command

PROBLEMS = 2000
IN_FLIGHT = 256


def run_scripted(attempts: int) -> Usage:
    """The whole command, from its start to the summary that it prints."""
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as name:
        folder = Path(name)
        store = f"sqlite:///{folder / 'store.db'}"
        options = ("--direct", "--backend", "scripted", "--concurrency", str(IN_FLIGHT))
        command = run_command(folder, PROBLEMS, attempts // PROBLEMS, *options)
        usage = measured(command, Path.cwd(), {"GRISTMILL_DATABASE_URL": store})
        check_store(store, attempts // PROBLEMS * PROBLEMS)
    return usage


def show_memory(small: int, large: int) -> None:
    """Each size in a process of its own; then the growth from one to the other."""
    print(f"{PROBLEMS:,} problems, {IN_FLIGHT} in flight, no latency, SQLite")
    print(f"{'':>12}{'':>18}{'CPU s per 1,000':>18}{'peak MB':>18}")
    print(f"{'attempts':>12}{'s':>9}{'per s':>9}{'own':>9}{'verif.':>9}{'own':>9}{'verif.':>9}")
    peaks = []
    for attempts in (small, large):
        usage = run_scripted(attempts)
        peaks.append(usage.peak_bytes[Role.COMMAND])
        own, verifier = (usage.cpu_seconds[role][-1] for role in (Role.COMMAND, Role.VERIFIER))
        row = f"{attempts:>12,}{usage.seconds:>9.1f}{attempts / usage.seconds:>9,.0f}"
        row += f"{own / attempts * 1000:>9.2f}{verifier / attempts * 1000:>9.2f}"
        print(f"{row}{peaks[-1] / 1e6:>9.0f}{usage.peak_bytes[Role.VERIFIER] / 1e6:>9.0f}", flush=True)
    print(f"peak memory grew {peaks[1] / peaks[0]:.2f} times over {large / small:,.0f} times the attempts")
