"""Discriminator: a classifier trained to tell seed instructions from generated ones.

Trans-LoRA (arXiv 2405.17258) draws synthetic questions until as many as the real ones are kept, and keeps
those that a discriminator takes for real: p(real) above one half. There it is an adapter of the source
model; here it is logistic regression on TF-IDF of words and pairs of words, fitted in seconds on a CPU.
Both classes weigh the same, however many texts each has.

Numbers are masked: which ones a question holds is no part of its style, and would tell real from synthetic by
chance.

Limits: it knows style, words and topics, not sense. `auc` says how well it tells texts apart that it has not
seen; near 0.5 there is nothing that it could filter by. It needs scikit-learn, an optional extra.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Protocol, cast

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason

FOLDS = 5
MOST_CHARACTERS = 20_000
"""Characters of a text that are read."""

_MOST_FEATURES = 50_000
_NUMBER = re.compile(r"\d+")
_WORD_OR_MARK = r"\w+|[^\w\s]"


class _Classifier(Protocol):
    def fit(self, texts: Sequence[str], real: Sequence[bool]) -> object:
        """Labels in the order of the texts."""

    def predict_proba(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """For each text, p(synthetic) and p(real)."""


@dataclass(frozen=True, slots=True)
class Discriminator:
    """A fitted classifier. `auc` is that of texts held out in turn (five folds): the chance that it puts a
    real one above a synthetic one.
    """

    classifier: _Classifier
    auc: float

    @staticmethod
    def fit(real: Sequence[str], synthetic: Sequence[str], seed: int) -> "Discriminator":
        """The seed settles the folds. Raises ConfigError for fewer than five texts of a kind, for texts
        without a word, and where scikit-learn is missing.
        """
        if min(len(real), len(synthetic)) < FOLDS:
            raise ConfigError(
                f"discriminator: {len(real)} real and {len(synthetic)} synthetic texts are too few; "
                f"give {FOLDS} or more of each"
            )
        texts = [*map(_shown, real), *map(_shown, synthetic)]
        labels = [True] * len(real) + [False] * len(synthetic)
        try:
            # More threads than one make so small a fit up to forty times slower where cores are busy.
            with _imported("threadpoolctl").threadpool_limits(limits=1):
                auc = _held_out_auc(texts, labels, seed)
                classifier = _classifier()
                classifier.fit(texts, labels)
        except ValueError as exc:
            raise ConfigError(f"discriminator: these texts cannot be learned from: {exc}") from exc
        return Discriminator(classifier, auc)

    def probability(self, text: str) -> float:
        """p(real), 0..1. One half is what a text without a known word comes to, or near to it."""
        return self.probabilities([text])[0]

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """The same for many, in order, and faster."""
        if not texts:
            return []
        return [float(row[1]) for row in self.classifier.predict_proba([_shown(text) for text in texts])]

    def fault(self, text: str) -> Finding | None:
        """UNLIKE_SEEDS with p(seed), unless the text is likelier real than synthetic."""
        chance = self.probability(text)
        return None if chance > 0.5 else Finding(Reason.UNLIKE_SEEDS, f"p(seed) {chance:.2f}")


def _shown(text: str) -> str:
    """What the classifier sees of a text."""
    return _NUMBER.sub("0", text[:MOST_CHARACTERS].lower())


def _held_out_auc(texts: Sequence[str], labels: Sequence[bool], seed: int) -> float:
    selection = _sklearn("model_selection")
    folds = selection.StratifiedKFold(FOLDS, shuffle=True, random_state=seed % (1 << 32))
    chances = selection.cross_val_predict(_classifier(), texts, labels, cv=folds, method="predict_proba")
    return float(_sklearn("metrics").roc_auc_score(labels, [row[1] for row in chances]))


def _classifier() -> _Classifier:
    features = _sklearn("feature_extraction.text").TfidfVectorizer(
        lowercase=False,
        token_pattern=_WORD_OR_MARK,
        ngram_range=(1, 2),
        sublinear_tf=True,
        max_features=_MOST_FEATURES,
    )
    model = _sklearn("linear_model").LogisticRegression(class_weight="balanced", max_iter=1000)
    return cast("_Classifier", _sklearn("pipeline").make_pipeline(features, model))


def _sklearn(module: str) -> ModuleType:
    return _imported(f"sklearn.{module}")


def _imported(module: str) -> ModuleType:
    """scikit-learn, or what it brings with it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as exc:
        raise ConfigError(
            "discriminator: scikit-learn is missing: pip install 'gristmill[discriminator]'"
        ) from exc
