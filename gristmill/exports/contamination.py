"""Contamination check: problems that share a span of words with an item of a benchmark.

They must not be trained on if the benchmark is to say anything.

A problem is contaminated where its prompt shares ten words in a row with an item of a benchmark, found as the
filters on generated instructions find it (`verifiers/filters/contamination.py` says why ten, and what it
misses). References and responses are not looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem
from gristmill.text.file_hash import file_sha256
from gristmill.text.words import folded_words
from gristmill.verifiers.filters.benchmarks import read_items
from gristmill.verifiers.filters.contamination import ContaminationIndex, SharedSpan
from gristmill.verifiers.filters.settings import FilterSettings


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """`digests` is the SHA-256 of each file, by its path as it was given."""

    digests: Mapping[str, str]
    index: ContaminationIndex

    def shared_with(self, problem: Problem) -> SharedSpan | None:
        """The words that the prompt has in common with an item, and the item; None where there are none."""
        return self.index.shared(folded_words(problem.prompt))


def read_benchmarks(paths: Sequence[Path]) -> Benchmarks:
    """Raises ConfigError, with file and line, for anything that cannot be read whole. No paths: nothing is
    contaminated.
    """
    filters = FilterSettings()
    files = [str(path) for path in paths]
    digests = {file: _digest(Path(file)) for file in files}
    items = read_items(list(digests), filters.benchmark_fields())
    return Benchmarks(digests, ContaminationIndex(items, filters.contamination_ngram))


def _digest(path: Path) -> str:
    try:
        return file_sha256(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"benchmarks: {path} cannot be read: {error}") from error
