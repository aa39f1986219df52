from tests.verifiers.constraints.cases import adversarial, broken, edge, met

CASES = (
    met("starts-with", "In short, yes.", phrase="In short"),
    broken("starts-with", "Yes, in short.", phrase="In short"),
    # White space before it does not count, its case does.
    edge("starts-with", True, "\n  In short", phrase="In short"),
    edge("starts-with", False, "in short, yes.", phrase="In short"),
    # The last word must be over, and the first quote is a sign before it.
    adversarial("starts-with", False, "In shortage", phrase="In short"),
    adversarial("starts-with", False, '"In short"', phrase="In short"),
    met("ends-with", "So it is. That is all.", phrase="That is all."),
    broken("ends-with", "That is all. Or is it?", phrase="That is all."),
    edge("ends-with", True, "That is all.\n\n", phrase="That is all."),
    edge("ends-with", False, "That is all.)", phrase="That is all."),
    # The first word must begin there.
    adversarial("ends-with", False, "We spent the weekend", phrase="end"),
    adversarial("ends-with", False, "That is all.\u200b", phrase="That is all."),
    met("ends-with-question", "It rains. Shall we stay?"),
    broken("ends-with-question", "Shall we stay? Yes."),
    edge("ends-with-question", True, "Really?\n"),
    edge("ends-with-question", True, "真的吗？"),
    edge("ends-with-question", True, "Vraiment ? Et (vous) **ici** ?"),
    edge("ends-with-question", True, "Really??"),
    # A mark by itself asks nothing.
    adversarial("ends-with-question", False, "It is so.\n?"),
    adversarial("ends-with-question", False, "It is so. ???"),
    # A quote or an exclamation mark after it is the last character.
    adversarial("ends-with-question", False, 'He asked, "Why?"'),
    adversarial("ends-with-question", False, "Why?!"),
    met("questions-exactly", "Why? I know.", count=1),
    broken("questions-exactly", "Why? When?", count=1),
    # A question without its mark is not counted; the marks of other scripts are.
    edge("questions-exactly", True, "Who knows. 为什么？ لماذا؟", count=2),
    edge("questions-exactly", True, 'Who "he"? Il a dit « oui » ? 50 %? Go **now**?! C++?', count=5),
    adversarial("questions-exactly", False, "No idea.\n???", count=3),
    adversarial("questions-exactly", False, "Why? ? ?", count=3),
    adversarial("questions-exactly", False, "Why??", count=2),
    adversarial("questions-exactly", False, "Why??", count=1),
    adversarial("questions-exactly", False, "See http://example.com/?a=1 then. Why?", count=1),
    met("paragraph-starts-with", "It rains.\n\nHowever, it stops.", count=2, paragraph=2, word="However"),
    broken("paragraph-starts-with", "It rains.\n\nIt stops.", count=2, paragraph=2, word="However"),
    # The right word, and a paragraph too many.
    edge("paragraph-starts-with", False, "It.\n\nHowever.\n\nSo.", count=2, paragraph=2, word="However"),
    edge("paragraph-starts-with", True, "However: one alone.", count=1, paragraph=1, word="However"),
    # A rule is no paragraph, so that the second one is what follows it.
    adversarial(
        "paragraph-starts-with", True, "It.\n\n---\n\nHowever.", count=2, paragraph=2, word="However"
    ),
    adversarial("paragraph-starts-with", False, "It.\n\nHowevers.", count=2, paragraph=2, word="However"),
)
