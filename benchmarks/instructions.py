"""Instructions made by rule, in English, with the lengths of GSM8K's questions, and planted ones to be
turned away.

Each is a few clauses with words drawn from lists, and a request at the end: different from one another, as
the instructions of a good model are, but with the same small words. Everything follows from the seed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from gristmill.verifiers.reasons import Reason

_LISTS = {
    "name": "Anna Ben Carla David Elif Farid Grace Hugo Irene Jonas Kavita Liam Maria Nadia Omar Paula"
    " Quentin Rosa Samir Tessa Umar Vera Walter Ximena Yusuf Zoe",
    "thing": "apples books candles drums envelopes flowers guitars hats icicles jackets keys lamps mirrors"
    " notebooks oranges pencils quilts ribbons stamps tickets umbrellas vases watches yarns"
    " zippers bottles carpets doors eggs forks gloves hammers jars kettles ladders magnets needles"
    " ovens plates radios sandwiches tables towels violins",
    "place": "airport bakery castle desert embassy farm garden harbour island jungle kitchen library"
    " market museum office palace quarry river school theatre university village workshop zoo"
    " station bridge hospital forest",
    "kind": "ancient bright cheap dusty elegant fragile green heavy inexpensive joyful large modern"
    " narrow old plain quiet rare small tall unusual valuable wide young broken clean dark empty"
    " famous gentle hollow",
    "deed": "bought carried counted delivered examined found gathered hid imported kept lost mended"
    " needed offered packed repaired sold traded used visited washed collected painted measured"
    " ordered borrowed described",
    "when": "yesterday morning|last winter|before the storm|during the holidays|on a rainy Tuesday|after"
    " lunch|every second week|at the end of the month|in early spring|while the others slept|just"
    " before midnight|in 1987",
    "field": "history chemistry music cooking astronomy gardening football economics medicine poetry"
    " geography carpentry philosophy biology fashion sailing architecture photography",
    "form": "a short essay|a list of five points|a dialogue|a letter|a poem with three verses|a summary|a"
    " table|two paragraphs|a persuasive speech|a set of questions|a step by step explanation|a"
    " newspaper report",
}
WORDS = {kind: words.split("|" if "|" in words else None) for kind, words in _LISTS.items()}

CLAUSES = (
    "{name} {deed} {number} {kind} {thing} at the {place} {when}",
    "the {kind} {place} near the {place} was full of {thing}",
    "nobody in the {place} had ever {deed} so many {thing}",
    "{name} and {name} argued about {field} {when}",
    "each of the {thing} costs {number} euros, and {number} of them are {kind}",
    "because the {place} was {kind}, {name} {deed} everything twice",
    "an expert in {field} once {deed} {thing} for a {kind} {place}",
    "in the {place} there are {number} {thing} for every {kind} visitor",
    "{when} a {kind} stranger {deed} the {thing} without a word",
    "people who study {field} rarely own {thing} that are {kind}",
    "the owner of the {place} wants more {kind} {thing} than {name} has",
    "half of the {thing} went to the {place}, the rest stayed with {name}",
)
REQUESTS = (
    "How many {thing} does {name} have now?",
    "Write {form} about {field} and the {place}.",
    "Explain to a {kind} audience why {field} matters to {name}.",
    "What would {name} have to change if the {place} were {kind}?",
    "Compare the {thing} of {name} with those in the {place} and give reasons.",
    "Suggest {number} titles for a story on {field}.",
)
FOREIGN = (
    "Schreibe einen kurzen Aufsatz über die Geschichte der Stadt und ihrer Brücken.",
    "Escribe una carta a tu abuela y cuéntale lo que hiciste durante las vacaciones.",
    "Напишите рассказ о человеке, который потерял ключи от своего дома.",
    "Donnez cinq raisons pour lesquelles les enfants devraient apprendre la musique.",
)
BEYOND = ("Draw a map of the {place} that {name} saw", "Play the song that {name} sang at the {place}")


@dataclass(frozen=True, slots=True)
class Made:
    """`wanted` is the reason to turn it away; None for a clean one, which may yet be too close to another."""

    text: str
    wanted: Reason | None = None


def filled(rng: random.Random, pattern: str) -> str:
    parts = []
    for part in pattern.replace("}", "{").split("{"):
        if part == "number":
            parts.append(str(rng.randint(2, 999)))
        else:
            parts.append(rng.choice(WORDS[part]) if part in WORDS else part)
    return "".join(parts)


def instruction(rng: random.Random) -> str:
    """Words as in GSM8K: 46 in the mean, 15 to 140."""
    wanted = min(130, max(8, rng.lognormvariate(3.5, 0.42)))
    sentences, words = [], 0
    while words < wanted:
        clause = filled(rng, rng.choice(CLAUSES))
        if rng.random() < 0.3:
            clause += f", and {filled(rng, rng.choice(CLAUSES))}"
        sentences.append(f"{clause[0].upper()}{clause[1:]}.")
        words += len(clause.split())
    return " ".join([*sentences, filled(rng, rng.choice(REQUESTS))])


def planted(rng: random.Random, earlier: list[str], benchmark: list[str]) -> Made:
    """One to be turned away: half of them near-duplicates, a quarter duplicates, the rest of other kinds."""
    kind = rng.choices(range(6), weights=[50, 25, 10, 5, 5, 5])[0]
    text = rng.choice(earlier)
    if kind == 0:
        words = text.split()
        words[rng.randrange(len(words))] = rng.choice(WORDS["thing"])
        return Made(" ".join([*words, "Please."]), Reason.NEAR_DUPLICATE)
    if kind == 1:
        return Made(text.upper().replace(".", " !"), Reason.DUPLICATE)
    if kind == 2:
        return Made(
            f"{filled(rng, CLAUSES[0])}. {rng.choice(benchmark)} {instruction(rng)}", Reason.CONTAMINATED
        )
    if kind == 3:
        return Made(f"{rng.choice(FOREIGN)} {rng.randint(1, 10**6)}", Reason.OTHER_LANGUAGE)
    if kind == 4:
        return Made(filled(rng, f"{rng.choice(BEYOND)}. {rng.choice(CLAUSES)}."), Reason.NOT_FOR_TEXT)
    return Made(rng.choice(WORDS["field"]) + "?", Reason.TOO_SHORT)


def instructions(count: int, seed: int, benchmark: list[str]) -> Iterator[Made]:
    """One in ten is planted, after the first hundred."""
    rng, clean = random.Random(seed), list[str]()
    for number in range(count):
        if number > 100 and rng.random() < 0.1:
            yield planted(rng, clean, benchmark)
        else:
            clean.append(instruction(rng))
            yield Made(clean[-1])


def benchmark_items(count: int, seed: int) -> list[str]:
    """A benchmark of its own: the same words, at most 80, in an order that no rule makes."""
    rng, items = random.Random(seed), []
    for _ in range(count):
        words = instruction(rng).split()[:80]
        rng.shuffle(words)
        items.append(" ".join(words))
    return items
