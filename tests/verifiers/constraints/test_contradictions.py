from itertools import combinations, permutations
from random import Random

import pytest

from tests.verifiers.constraints.arguments import PROMPTS, at_the_edge
from tests.verifiers.constraints.witness import witness
from verifiers.constraints import CONSTRAINTS, Constraint, conflict, conflicts, constraint, read_constraints
from verifiers.constraints.apart import APART
from verifiers.constraints.demands import Part

KINDS = list(CONSTRAINTS)
LEFT_APART = {Part.CHOICE, Part.QUOTES, Part.POSTSCRIPT}
"""A choice goes with nothing, by a rule of its own; quotes and a postscript claim the ending, and are kept
apart by that.
"""


def of(kind: str, **args: object) -> Constraint:
    return constraint(kind, args)


CONFLICTING = [
    (of("words-at-least", count=50), of("words-at-most", count=49)),
    (of("words-exactly", count=50), of("words-between", least=51, most=60)),
    (of("sentences-at-least", count=6), of("sentences-at-most", count=5)),
    # What is implied: six sentences have six words; five of at most four words have at most twenty.
    (of("sentences-at-least", count=6), of("words-at-most", count=5)),
    (of("sentences-at-least", count=10), of("words-exactly", count=8)),
    (of("sentence-words-at-least", count=9), of("words-at-most", count=8)),
    (of("sentence-words-at-least", count=9), of("sentence-words-at-most", count=8)),
    # Of six to eight words each: nine words make no sentences. A conflict whatever the rest.
    (of("sentence-words-at-least", count=6), of("sentence-words-at-most", count=8)),
    (of("paragraphs-exactly", count=3), of("paragraphs-exactly", count=4)),
    (of("paragraphs-exactly", count=3), of("sentences-at-most", count=2)),
    (of("paragraphs-exactly", count=3), of("lines-exactly", count=2)),
    (of("paragraphs-exactly", count=9), of("words-at-most", count=8)),
    (of("bullets-exactly", count=5), of("lines-exactly", count=4)),
    (of("bullets-exactly", count=5), of("words-at-most", count=4)),
    (of("bullets-exactly", count=5), of("sentences-at-most", count=4)),
    (of("questions-exactly", count=2), of("ends-with", phrase="So? What? When?")),
    (of("paragraph-starts-with", count=3, paragraph=2, word="So"), of("paragraphs-exactly", count=2)),
    # Words that must stand there and must not.
    (of("keywords-included", keywords=["river"]), of("words-forbidden", words=["RIVER"])),
    (of("keywords-included", keywords=["red river"]), of("words-forbidden", words=["river"])),
    (of("keyword-at-least", keyword="river", count=3), of("keyword-at-most", keyword="River", count=2)),
    (of("starts-with", phrase="The river is"), of("words-forbidden", words=["river"])),
    (of("sections-exactly", splitter="Part", count=2), of("words-forbidden", words=["part"])),
    (of("keyword-at-least", keyword="river", count=9), of("words-at-most", count=8)),
    (of("keyword-at-least", keyword="see", count=3), of("letter-at-most", letter="e", count=5)),
    # Case.
    (of("starts-with", phrase="In short"), of("all-lowercase")),
    (of("starts-with", phrase="In short"), of("all-uppercase")),
    (of("sections-exactly", splitter="Part", count=2), of("all-uppercase")),
    (of("postscript", marker="P.S."), of("all-lowercase")),
    (of("capital-words-at-least", count=1), of("all-lowercase")),
    (of("capital-words-at-most", count=5), of("all-uppercase")),
    (of("ends-with", phrase="GOOD BYE"), of("capital-words-at-most", count=1)),
    (of("keywords-included", keywords=["ılık"]), of("all-uppercase")),
    # Signs.
    (of("starts-with", phrase="Well, yes"), of("no-commas")),
    (of("repeat-prompt", prompt="Say, why?"), of("no-commas")),
    (of("keywords-included", keywords=["1,000"]), of("no-commas")),
    (of("sections-exactly", splitter="Part", count=2), of("no-digits")),
    (of("ends-with", phrase="Room 101"), of("no-digits")),
    # Language.
    (of("language", language="fr"), of("language", language="de")),
    (of("language", language="zh"), of("keywords-included", keywords=["river"])),
    (of("language", language="zh"), of("all-lowercase")),
    (of("language", language="hi"), of("capital-words-at-least", count=1)),
    (of("language", language="ja"), of("words-at-least", count=50)),
    (of("language", language="ru"), of("letter-at-least", letter="e", count=5)),
    (of("language", language="en"), of("words-at-most", count=5)),
    (of("language", language="en"), of("starts-with", phrase="Доброе утро")),
    # The whole response.
    *((of("json-only"), of(kind)) for kind in ("title", "quoted", "two-responses", "ends-with-question")),
    (of("json-only"), of("bullets-exactly", count=2)),
    (of("json-only"), of("starts-with", phrase="Yes")),
    (of("json-only"), of("ends-with", phrase="Yes")),
    (of("json-only"), of("postscript", marker="P.S.")),
    (of("json-only"), of("highlights-at-least", count=1)),
    (of("json-only"), of("placeholders-at-least", count=1)),
    (of("json-only"), of("sections-exactly", splitter="Part", count=1)),
    (of("json-only"), of("paragraphs-exactly", count=2)),
    (of("json-only"), of("repeat-prompt", prompt="Why?")),
    (of("json-only"), of("no-commas")),
    (of("two-responses"), of("quoted")),
    (of("two-responses"), of("repeat-prompt", prompt="Why?")),
    (of("quoted"), of("starts-with", phrase="Yes")),
    (of("quoted"), of("ends-with", phrase="Yes")),
    (of("ends-with", phrase="Yes."), of("postscript", marker="P.S.")),
    (of("ends-with", phrase="Yes."), of("ends-with-question")),
    (of("repeat-prompt", prompt="Why?"), of("starts-with", phrase="In short")),
    (of("repeat-prompt", prompt="Why?"), of("all-lowercase")),
    (of("repeat-prompt", prompt="One.\n\nTwo.\n\nThree?"), of("paragraphs-exactly", count=2)),
    (of("choice", options=["Yes.", "No."]), of("words-at-least", count=2)),
    (of("choice", options=["Yes.", "No."]), of("title")),
    # Could be written, but what is meant is not certain: whose ending, whose bullets, and is JSON a question?
    (of("two-responses"), of("ends-with", phrase="Yes.")),
    (of("two-responses"), of("bullets-exactly", count=4)),
    (of("two-responses"), of("sections-exactly", splitter="Part", count=4)),
    (of("json-only"), of("questions-exactly", count=1)),
    (of("sentence-words-at-least", count=4), of("title")),
    (of("repeat-prompt", prompt="Why?"), of("language", language="en")),
    (of("repeat-prompt", prompt="Why?"), of("sections-exactly", splitter="Part", count=2)),
    (of("repeat-prompt", prompt="Why?"), of("paragraph-starts-with", count=2, paragraph=2, word="So")),
    (of("sections-exactly", splitter="Part", count=2), of("sections-exactly", splitter="Day", count=2)),
    (
        of("paragraph-starts-with", count=3, paragraph=2, word="So"),
        of("paragraph-starts-with", count=3, paragraph=2, word="But"),
    ),
]

FITTING = [
    (of("words-at-least", count=50), of("words-at-most", count=50)),
    (of("sentences-at-least", count=5), of("sentences-at-most", count=5)),
    (of("sentences-at-least", count=5), of("words-at-most", count=20)),
    (of("paragraphs-exactly", count=3), of("sentences-at-most", count=6)),
    (of("paragraphs-exactly", count=3), of("lines-exactly", count=6)),
    (of("keywords-included", keywords=["river"]), of("all-uppercase")),
    (of("keywords-included", keywords=["river"]), of("words-forbidden", words=["rivers"])),
    (of("keyword-at-least", keyword="river", count=2), of("keyword-at-most", keyword="river", count=2)),
    (of("starts-with", phrase="In short"), of("no-commas")),
    (of("starts-with", phrase="in short"), of("all-lowercase")),
    (of("starts-with", phrase="In short"), of("ends-with", phrase="That is all.")),
    (of("repeat-prompt", prompt="Why?"), of("bullets-exactly", count=3)),
    (of("repeat-prompt", prompt="Why?"), of("no-commas")),
    (of("json-only"), of("all-lowercase")),
    (of("json-only"), of("keywords-included", keywords=["river"])),
    (of("json-only"), of("language", language="de")),
    (of("language", language="de"), of("bullets-exactly", count=3)),
    (of("language", language="zh"), of("paragraphs-exactly", count=3)),
    (of("language", language="en"), of("keywords-included", keywords=["river"])),
    (of("quoted"), of("bullets-exactly", count=3)),
    (of("two-responses"), of("no-digits")),
    (of("postscript", marker="P.S."), of("bullets-exactly", count=3)),
    (of("questions-exactly", count=1), of("ends-with-question")),
    (of("title"), of("sections-exactly", splitter="Part", count=3)),
]

ONLY_TOGETHER = [
    # Each pair goes together: three keywords of five occurrences, ten sentences, and room for one of the two.
    [
        of("keyword-at-least", keyword="river", count=8),
        of("keywords-included", keywords=["market", "winter", "garden", "bridge"]),
        of("words-at-most", count=12),
    ],
    [
        of("sentence-words-at-most", count=5),
        of("sentences-at-most", count=10),
        of("words-at-least", count=51),
    ],
    [
        of("bullets-exactly", count=4),
        of("sections-exactly", splitter="Part", count=4),
        of("lines-exactly", count=7),
    ],
    [
        of("letter-at-most", letter="r", count=2),
        of("keywords-included", keywords=["river"]),
        of("starts-with", phrase="Rare"),
    ],
]


def name(pair: tuple[Constraint, ...]) -> str:
    return " ".join(each.kind for each in pair)


@pytest.mark.parametrize("pair", CONFLICTING, ids=name)
def test_constraints_that_contradict_each_other_are_a_conflict(pair: tuple[Constraint, Constraint]) -> None:
    evidence = conflict(*pair)
    assert evidence
    assert conflict(*reversed(pair))
    assert len(evidence) < 500
    for one in pair:
        assert conflicts([one]) is None


@pytest.mark.parametrize("pair", FITTING, ids=name)
def test_constraints_that_go_together_are_none_and_a_text_shows_it(
    pair: tuple[Constraint, Constraint],
) -> None:
    assert conflict(*pair) is None
    assert conflict(*reversed(pair)) is None
    for order in (pair, pair[::-1]):
        text = witness(order)
        assert [one.check(text) for one in pair] == [None, None], text


@pytest.mark.parametrize("three", ONLY_TOGETHER, ids=name)
def test_three_may_contradict_each_other_where_no_two_do(three: list[Constraint]) -> None:
    assert [conflict(*pair) for pair in combinations(three, 2)] == [None, None, None]
    assert all(conflicts(order) for order in permutations(three))


def test_two_of_one_kind_that_both_claim_the_beginning_never_go_together() -> None:
    one = of("starts-with", phrase="In short")
    assert conflict(one, one)


def test_whatever_is_free_of_conflict_can_be_written() -> None:
    """The arguments are at the edge of what there is room for, and no set is left out."""
    rng = Random(20)
    written = 0
    for _ in range(10_000):
        prompt = rng.choice(PROMPTS)
        drawn = [at_the_edge(rng, kind, prompt) for kind in rng.sample(KINDS, rng.randint(1, 5))]
        if conflicts(drawn) is None:
            written += 1
            text = witness(drawn)
            assert not [(one, found) for one in drawn if (found := one.check(text))], text
    assert written > 5000


def test_no_part_of_a_free_set_is_a_conflict() -> None:
    rng = Random(21)
    for _ in range(500):
        drawn = [at_the_edge(rng, kind, PROMPTS[0]) for kind in rng.sample(KINDS, 3)]
        if conflicts(drawn) is None:
            assert not any(conflicts(part) for part in [*combinations(drawn, 2), *permutations(drawn)])


def test_most_kinds_go_with_most_others() -> None:
    """So that caution does not leave a recipe with a handful of combinations."""
    rng = Random(22)
    pairs = list(combinations(CONSTRAINTS.values(), 2))
    fitting = [
        (one.kind, other.kind)
        for one, other in pairs
        if any(
            conflict(one.sample(rng, PROMPTS[0]), other.sample(rng, PROMPTS[0])) is None for _ in range(10)
        )
    ]
    assert len(fitting) > 0.75 * len(pairs)


def test_the_table_says_of_every_part_what_it_goes_without() -> None:
    named = set(APART).union(*APART.values())
    assert set(Part) - named <= LEFT_APART


def test_hostile_constraints_are_told_apart_in_the_end() -> None:
    prompt = "a, " * 6000 + "?" * 1999
    many = ",".join(f'{{"kind":"repeat-prompt","args":{{"prompt":"{prompt}"}}}}' for _ in range(8))
    assert conflicts(read_constraints(f"[{many}]"))
    assert conflict(of("repeat-prompt", prompt=prompt), of("no-commas"))
