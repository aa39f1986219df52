from tests.verifiers.constraints.cases import fails, holds

CASES = (
    holds("starts-with", "In short, yes.", phrase="In short"),
    fails("starts-with", "Yes, in short.", phrase="In short"),
    # White space before it does not count, its case does.
    holds("starts-with", "\n  In short", phrase="In short"),
    fails("starts-with", "in short, yes.", phrase="In short"),
    # The last word must be over, and the first quote is a sign before it.
    fails("starts-with", "In shortage", phrase="In short"),
    fails("starts-with", '"In short"', phrase="In short"),
    holds("ends-with", "So it is. That is all.", phrase="That is all."),
    fails("ends-with", "That is all. Or is it?", phrase="That is all."),
    holds("ends-with", "That is all.\n\n", phrase="That is all."),
    fails("ends-with", "That is all.)", phrase="That is all."),
    # The first word must begin there.
    fails("ends-with", "We spent the weekend", phrase="end"),
    fails("ends-with", "That is all.\u200b", phrase="That is all."),
    holds("ends-with-question", "It rains. Shall we stay?"),
    fails("ends-with-question", "Shall we stay? Yes."),
    holds("ends-with-question", "Really?\n"),
    holds("ends-with-question", "真的吗？"),
    holds("ends-with-question", "Vraiment ? Et (vous) **ici** ?"),
    holds("ends-with-question", "Really??"),
    # A mark by itself asks nothing.
    fails("ends-with-question", "It is so.\n?"),
    fails("ends-with-question", "It is so. ???"),
    # A quote or an exclamation mark after it is the last character.
    fails("ends-with-question", 'He asked, "Why?"'),
    fails("ends-with-question", "Why?!"),
    holds("questions-exactly", "Why? I know.", count=1),
    fails("questions-exactly", "Why? When?", count=1),
    # A question without its mark is not counted; the marks of other scripts are.
    holds("questions-exactly", "Who knows. 为什么？ لماذا؟", count=2),
    holds("questions-exactly", 'Who "he"? Il a dit « oui » ? 50 %? Go **now**?! C++?', count=5),
    fails("questions-exactly", "No idea.\n???", count=3),
    fails("questions-exactly", "Why? ? ?", count=3),
    fails("questions-exactly", "Why??", count=2),
    fails("questions-exactly", "Why??", count=1),
    fails("questions-exactly", "See http://example.com/?a=1 then. Why?", count=1),
    holds("paragraph-starts-with", "It rains.\n\nHowever, it stops.", count=2, paragraph=2, word="However"),
    fails("paragraph-starts-with", "It rains.\n\nIt stops.", count=2, paragraph=2, word="However"),
    # The right word, and a paragraph too many.
    fails("paragraph-starts-with", "It.\n\nHowever.\n\nSo.", count=2, paragraph=2, word="However"),
    holds("paragraph-starts-with", "However: one alone.", count=1, paragraph=1, word="However"),
    # A rule is no paragraph, so that the second one is what follows it.
    holds("paragraph-starts-with", "It.\n\n---\n\nHowever.", count=2, paragraph=2, word="However"),
    fails("paragraph-starts-with", "It.\n\nHowevers.", count=2, paragraph=2, word="However"),
)
