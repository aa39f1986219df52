from tests.verifiers.constraints.cases import adversarial, broken, edge, met

CASES = (
    met("keywords-included", "A river and a market.", keywords=["river", "market"]),
    broken("keywords-included", "A river.", keywords=["river", "market"]),
    # Any case will do, and any white space between the words of a phrase.
    edge("keywords-included", True, "CLIMATE\n  Change!", keywords=["climate change"]),
    # Inside a compound, and before an apostrophe, a word is whole.
    edge("keywords-included", True, "State-of-the-art: the market's.", keywords=["art", "market"]),
    # Within a longer word it is not.
    adversarial("keywords-included", False, "start the rivers_market", keywords=["art"]),
    adversarial("keywords-included", False, "r i v e r, ri-ver, riv_er", keywords=["river"]),
    # Markdown's underscores and characters that nobody sees are around and in words, and no part of them.
    adversarial("keywords-included", True, "The _river_ flows.", keywords=["river"]),
    adversarial("keywords-included", True, "The __ri\u00adver__ flows.", keywords=["river"]),
    # A combining mark makes another letter of it.
    adversarial("keywords-included", False, "cafe\u0301", keywords=["cafe"]),
    adversarial("keywords-included", True, "我爱机器学习", keywords=["机器"]),
    met("words-forbidden", "A stream.", words=["river", "lake"]),
    broken("words-forbidden", "A lake.", words=["river", "lake"]),
    # The plural is another word.
    edge("words-forbidden", True, "Two rivers.", words=["river"]),
    edge("words-forbidden", False, "It ends in *RIVER*.", words=["river"]),
    # An eszett is two letters s in the other case.
    adversarial("words-forbidden", False, "DIE STRASSE", words=["straße"]),
    adversarial("words-forbidden", False, "a river-side walk", words=["river"]),
    adversarial("words-forbidden", False, "The _river_ flows.", words=["river"]),
    adversarial("words-forbidden", False, "The __river__ flows.", words=["river"]),
    adversarial("words-forbidden", False, "The r\u200bi\u00adver flows.", words=["river"]),
    adversarial("words-forbidden", False, "The river\ufe0f, \u202eriver\u200d", words=["river"]),
    edge("words-forbidden", True, "river_market and my_river", words=["river"]),
    # What may be a part of a longer word begins no whole one, and hides none after it.
    edge("keyword-at-least", True, "haha ha ha, ha  ha", keyword="ha ha", count=2),
    met("keyword-at-least", "River, river.", keyword="river", count=2),
    broken("keyword-at-least", "River.", keyword="river", count=2),
    edge("keyword-at-least", True, "river-river", keyword="river", count=2),
    # Occurrences do not overlap: "ha ha ha" holds "ha ha" once.
    edge("keyword-at-least", False, "ha ha ha", keyword="ha ha", count=2),
    adversarial("keyword-at-least", False, "riverriver rivers", keyword="river", count=2),
    met("keyword-at-most", "River.", keyword="river", count=1),
    broken("keyword-at-most", "River, river.", keyword="river", count=1),
    edge("keyword-at-most", True, "", keyword="river", count=1),
    edge("keyword-at-most", True, "river, RIVER", keyword="river", count=2),
    adversarial("keyword-at-most", False, "river\u00a0river", keyword="river", count=1),
)
