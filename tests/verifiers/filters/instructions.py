"""Instructions, clean ones and one that is known, and filters with a blocklist and a benchmark."""

from pathlib import Path

from gristmill.verifiers.filters.settings import FilterSettings

KNOWN = "Write a letter to the mayor about the broken bridge near the old school in our village."
ITEM = "A farmer has seventeen sheep and all but nine run away; how many sheep are left on the farm?"
CLEAN = [
    "Describe three ways to keep bread fresh for a week.",
    "A farmer has twelve goats and sells five; how many does he keep?",
    "Write a letter to your sister about the new bakery that opened in town.",
    "Translate 'Guten Morgen, wie geht es dir?' into English.",
    "Name three colours of autumn leaves.",
    "Compute $\\frac{3}{4} + \\frac{5}{6}$ and simplify.",
    "Why do cats purr?",
]


def settings_in(folder: Path) -> FilterSettings:
    (folder / "blocklist.txt").write_text("# not these\nforbidden phrase\nSchimpfwort # a word\n")
    (folder / "benchmark.txt").write_text(f"{ITEM}\nName three primary colours of light.\n")
    return FilterSettings(blocklist=str(folder / "blocklist.txt"), benchmark=(str(folder / "benchmark.txt"),))
