"""Which split a problem belongs to: a matter of its id and the seed, never of what else is in the export.

A hash of both is the problem's place in [0, 1). The test split is the lower end, the validation split the
upper, train is what lies between. So a data set that grows moves no problem, an export of fewer problems
splits them alike, and a split that is given a larger share keeps what it has and takes the rest from train.
All responses to a problem go the same way: a model is never tested on what it was trained on, unless the
same question stands in the store under two wordings.

Shares hold on average: of 1,000 problems a share of 0.1 is 100, give or take about 20.
"""

import hashlib

from gristmill.exports.settings import SplitSettings

TRAIN, VALIDATION, TEST = "train", "validation", "test"
_BITS = 53
"""What a float holds exactly: a place is below 1, and a share of 0 takes no problem."""


def split_of(problem_id: str, splits: SplitSettings, seed: int) -> str:
    """One of `split_names`."""
    if not (splits.validation or splits.test):
        return TRAIN
    place = _place(problem_id, seed)
    if place < splits.test:
        return TEST
    return VALIDATION if place >= 1 - splits.validation else TRAIN


def split_names(splits: SplitSettings) -> tuple[str, ...]:
    """In the order in which they are written; `train` always, the others where they have a share."""
    shares = {VALIDATION: splits.validation, TEST: splits.test}
    return (TRAIN, *(name for name, share in shares.items() if share > 0))


def _place(problem_id: str, seed: int) -> float:
    content = f"split\x1f{seed}\x1f{problem_id}".encode("utf-8", "surrogatepass")
    return (int.from_bytes(hashlib.sha256(content).digest()[:8], "big") >> (64 - _BITS)) / (1 << _BITS)
