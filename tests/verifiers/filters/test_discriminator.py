"""Real against synthetic questions: Trans-LoRA's loop ends with as many as are real, and like them."""

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.filters.discriminator import Discriminator
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason

GSM8K = Path(__file__).parents[4] / "shared" / "data" / "gsm8k_train.jsonl"

REAL = 300
TEMPLATES = 200
NEAR = 45
NEAR_WITH_A_TELL = 55

OF_TEMPLATES = (
    "{a} has {n} {x}. {a} buys {m} more {x}. How many {x} does {a} have now?",
    "There are {n} {x} in a box. {a} takes {m} {x}. How many {x} are left?",
    "What is {n} plus {m}?",
    "{a} shares {n} {x} equally among {m} friends. How many {x} does each friend get?",
    "Calculate {n} times {m}.",
)

# Of each list one is taken, so that questions of one style are seldom the same.
OF_STORIES = (
    ("Every morning", "Last summer", "After school", "On weekdays", "This week", "Before the fair"),
    ("the bakery", "Marta's farm", "a tailor", "the ferry company", "Oren", "the night shift"),
    ("sells", "repairs", "delivers", "packs", "sorts", "counts"),
    ("{n} dozen rolls", "{n} crates of plums", "{n} jackets", "{n} parcels", "{n} tickets"),
    ("at ${m} apiece", "in {m} hours", "for {m} customers", "on each of {m} trips", "with {m} helpers"),
    ("A third of them are set aside.", "Half is lost.", "{k} of these come back.", "Then it rains."),
    ("Twice as many follow on Sunday.", "Each costs ${k}.", "{k} more are needed.", "No one complains."),
    ("How much money is made?", "How long does it take in all?", "How many remain in the end?"),
)


def story(rng: random.Random) -> str:
    text = " ".join(rng.choice(choices) for choices in OF_STORIES)
    return text.format(n=rng.randint(2, 99), m=rng.randint(2, 99), k=rng.randint(2, 99))


def template(rng: random.Random) -> str:
    x = rng.choice(["pens", "books", "apples", "marbles", "coins"])
    a = rng.choice(["Ava", "Ben", "Cleo"])
    return rng.choice(OF_TEMPLATES).format(a=a, x=x, n=rng.randint(2, 99), m=rng.randint(2, 99))


def stories(rng: random.Random) -> Iterator[str]:
    while True:
        yield story(rng)


def gsm8k(rng: random.Random) -> Iterator[str]:
    if not GSM8K.exists():
        pytest.skip(f"{GSM8K} is not there")
    with GSM8K.open(encoding="utf-8") as lines:
        questions = [str(json.loads(line)["question"]) for line in lines]
    rng.shuffle(questions)
    yield from questions


@dataclass(frozen=True, slots=True)
class Setting:
    """Real questions; and what a model might make, of three kinds: templates, near-real (a question of the
    same kind with other numbers), and near-real with a tell: it begins as one and ends as a template.
    """

    real: list[str]
    rest: Iterator[str]
    rng: random.Random

    def near(self) -> str:
        return re.sub(r"\d+", lambda _: str(self.rng.randint(2, 99)), next(self.rest))

    def with_a_tell(self) -> str:
        return f"{self.near().partition('.')[0]}. {template(self.rng)}"

    def synthetic(self) -> list[str]:
        return [
            *(template(self.rng) for _ in range(TEMPLATES)),
            *(self.near() for _ in range(NEAR)),
            *(self.with_a_tell() for _ in range(NEAR_WITH_A_TELL)),
        ]

    def drawn(self) -> str:
        """One of the three kinds, each as often."""
        return self.rng.choice([lambda: template(self.rng), self.near, self.with_a_tell])()


Questions = Callable[[random.Random], Iterator[str]]


def setting(questions: Questions) -> Setting:
    rng = random.Random(2)
    source = questions(rng)
    return Setting(list(islice(source, REAL)), source, rng)


def fresh_accuracy(real: list[str], accepted: list[str]) -> float:
    """Of a new discriminator on texts that it has not seen: trained on one half, asked about the other."""
    half = len(real) // 2
    judge = Discriminator.fit(real[:half], accepted[:half], seed=0)
    right = sum(chance > 0.5 for chance in judge.probabilities(real[half:]))
    right += sum(chance <= 0.5 for chance in judge.probabilities(accepted[half:]))
    return right / (2 * (len(real) - half))


@pytest.mark.full
@pytest.mark.parametrize("questions", [stories, gsm8k])
def test_the_loop_keeps_as_many_as_are_real_and_they_look_real(questions: Questions) -> None:
    given = setting(questions)
    discriminator = Discriminator.fit(given.real, given.synthetic(), seed=0)
    assert discriminator.auc >= 0.9
    accepted: list[str] = []
    rejected: list[Finding] = []
    while len(accepted) < len(given.real):
        text = given.drawn()
        if fault := discriminator.fault(text):
            rejected.append(fault)
        else:
            accepted.append(text)
    assert len(accepted) == len(given.real)
    assert len(rejected) > len(accepted)
    assert {fault.reason for fault in rejected} == {Reason.UNLIKE_SEEDS}
    assert all(re.fullmatch(r"p\(seed\) 0\.[0-5]\d", fault.detail) for fault in rejected)
    assert fresh_accuracy(given.real, accepted) <= 0.6


@pytest.mark.full
def test_what_was_not_filtered_is_told_from_the_real_ones() -> None:
    given = setting(stories)
    assert fresh_accuracy(given.real[:100], [given.drawn() for _ in range(100)]) > 0.75


def test_the_same_seed_gives_the_same_discriminator() -> None:
    one, other = (Discriminator.fit(s.real, s.synthetic(), seed=4) for s in map(setting, [stories, stories]))
    assert one.auc == other.auc
    asked = story(random.Random(9))
    assert one.probability(asked) == other.probability(asked) == one.probabilities(["a", asked])[1]


def test_few_real_ones_weigh_as_much_as_many_synthetic_ones() -> None:
    rng = random.Random(2)
    real = [story(rng) for _ in range(20)]
    discriminator = Discriminator.fit(real, [template(rng) for _ in range(1000)], seed=0)
    assert all(discriminator.fault(story(rng)) is None for _ in range(20))


@pytest.mark.parametrize("hostile", ["", "\x00", "\ud800\udfff", "\u202ertl", "word " * 100_000, "-" * 10**6])
def test_any_text_gets_a_chance(hostile: str) -> None:
    rng = random.Random(3)
    real = [*(story(rng) for _ in range(9)), hostile]
    discriminator = Discriminator.fit(real, [template(rng) for _ in range(10)], seed=-1)
    assert 0 <= discriminator.probability(hostile) <= 1


def test_no_texts_get_no_chances() -> None:
    rng = random.Random(3)
    discriminator = Discriminator.fit([story(rng)] * 5, [template(rng)] * 5, seed=0)
    assert discriminator.probabilities([]) == []


def test_too_few_texts_and_texts_without_a_word_are_refused() -> None:
    with pytest.raises(ConfigError, match="4 real and 5 synthetic texts are too few"):
        Discriminator.fit(["a"] * 4, ["b"] * 5, seed=0)
    with pytest.raises(ConfigError, match="cannot be learned from"):
        Discriminator.fit([" "] * 5, ["\t"] * 5, seed=0)


def test_a_missing_library_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ConfigError, match=re.escape("pip install 'gristmill[discriminator]'")):
        Discriminator.fit(["a"] * 5, ["b"] * 5, seed=0)
