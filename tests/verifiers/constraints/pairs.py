"""Constraints that contradict each other, and such that do not: each worked out by hand."""

from gristmill.verifiers.constraints import Constraint, constraint


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
    # Letters without a counterpart in the other case: kra, and a mathematical capital.
    (of("letter-at-least", letter="ĸ", count=1), of("all-uppercase")),
    (of("keywords-included", keywords=["ĸa"]), of("all-uppercase")),
    (of("starts-with", phrase="ĸ"), of("all-uppercase")),
    (of("letter-at-least", letter="\U0001d400", count=1), of("all-lowercase")),
    # Signs.
    (of("starts-with", phrase="Well, yes"), of("no-commas")),
    (of("repeat-prompt", prompt="Say, why?"), of("no-commas")),
    (of("keywords-included", keywords=["1,000"]), of("no-commas")),
    (of("sections-exactly", splitter="Part", count=2), of("no-digits")),
    (of("ends-with", phrase="Room 101"), of("no-digits")),
    # Signs that stand where they may not.
    (of("ends-with", phrase="Part 9"), of("sections-exactly", splitter="Part", count=2)),
    (of("repeat-prompt", prompt="What??"), of("questions-exactly", count=2)),
    (of("repeat-prompt", prompt="Sort:\n* tea\n* milk"), of("bullets-exactly", count=3)),
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
    (of("letter-at-least", letter="é", count=3), of("all-uppercase")),
    (of("keywords-included", keywords=["river"]), of("words-forbidden", words=["rivers"])),
    (of("keyword-at-least", keyword="river", count=2), of("keyword-at-most", keyword="river", count=2)),
    (of("starts-with", phrase="In short"), of("no-commas")),
    (of("starts-with", phrase="In short"), of("paragraphs-exactly", count=1)),
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
