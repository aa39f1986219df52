from tests.verifiers.constraints.cases import fails, holds

CASES = (
    holds("keywords-included", "A river and a market.", keywords=["river", "market"]),
    fails("keywords-included", "A river.", keywords=["river", "market"]),
    # Any case will do, and any white space between the words of a phrase.
    holds("keywords-included", "CLIMATE\n  Change!", keywords=["climate change"]),
    # Inside a compound, and before an apostrophe, a word is whole.
    holds("keywords-included", "State-of-the-art: the market's.", keywords=["art", "market"]),
    # Within a longer word it is not.
    fails("keywords-included", "start the rivers_market", keywords=["art"]),
    fails("keywords-included", "r i v e r, ri-ver, riv_er", keywords=["river"]),
    # Markdown's underscores and characters that nobody sees are around and in words, and no part of them.
    holds("keywords-included", "The _river_ flows.", keywords=["river"]),
    holds("keywords-included", "The __ri\u00adver__ flows.", keywords=["river"]),
    # A combining mark makes another letter of it.
    fails("keywords-included", "cafe\u0301", keywords=["cafe"]),
    holds("keywords-included", "我爱机器学习", keywords=["机器"]),
    holds("words-forbidden", "A stream.", words=["river", "lake"]),
    fails("words-forbidden", "A lake.", words=["river", "lake"]),
    # The plural is another word.
    holds("words-forbidden", "Two rivers.", words=["river"]),
    fails("words-forbidden", "It ends in *RIVER*.", words=["river"]),
    # An eszett is two letters s in the other case.
    fails("words-forbidden", "DIE STRASSE", words=["straße"]),
    fails("words-forbidden", "a river-side walk", words=["river"]),
    fails("words-forbidden", "The _river_ flows.", words=["river"]),
    fails("words-forbidden", "The __river__ flows.", words=["river"]),
    fails("words-forbidden", "The r\u200bi\u00adver flows.", words=["river"]),
    fails("words-forbidden", "The river\ufe0f, \u202eriver\u200d", words=["river"]),
    holds("words-forbidden", "river_market and my_river", words=["river"]),
    # What may be a part of a longer word begins no whole one, and hides none after it.
    holds("keyword-at-least", "haha ha ha, ha  ha", keyword="ha ha", count=2),
    holds("keyword-at-least", "River, river.", keyword="river", count=2),
    fails("keyword-at-least", "River.", keyword="river", count=2),
    holds("keyword-at-least", "river-river", keyword="river", count=2),
    # Occurrences do not overlap: "ha ha ha" holds "ha ha" once.
    fails("keyword-at-least", "ha ha ha", keyword="ha ha", count=2),
    fails("keyword-at-least", "riverriver rivers", keyword="river", count=2),
    holds("keyword-at-most", "River.", keyword="river", count=1),
    fails("keyword-at-most", "River, river.", keyword="river", count=1),
    holds("keyword-at-most", "", keyword="river", count=1),
    holds("keyword-at-most", "river, RIVER", keyword="river", count=2),
    fails("keyword-at-most", "river\u00a0river", keyword="river", count=1),
)
