"""English stop words: those that say little of what a text is about. Our own lists.

Both are in lower case. `STOP_WORDS` are function words alone (articles, pronouns, prepositions, auxiliaries),
without apostrophes, as `text.words.redpajama_words` gives them. `PHRASE_STOP_WORDS` end a key phrase (RAKE):
also adverbs and verbs that stand in any text, with straight apostrophes.
"""

_SHARED = """
    a about above across after again against all almost along already also although am among an and
    another any are around as at be because been before being below between both but by can cannot could
    did do does doing done down during each either else even ever every few for from had has have having
    he her here hers herself him himself his how i if in into is it its itself just least less lets many
    may me might mine more most much must my myself neither never no none nor not now of off on one only
    onto or other our ours out over own per quite rather same several shall she should since so some
    still such than that the their theirs them themselves then there these they this those though
    through to too toward towards under unless until up upon us very was we were what when where whether
    which while who whom whose why will with within without would yet you your yours yourself
"""
_FUNCTION_WORDS = """
    arent behind beneath beside beyond cant couldnt didnt doesnt dont except hadnt hasnt havent hes id
    im inside isnt ive little near ought ourselves outside shes shouldnt thats theres theyre theyve
    throughout via wasnt werent weve whats whereas wont wouldnt youre yourselves youve
"""
_IN_ANY_TEXT = """
    always anything aren't ask away back became become becomes came can't come comes didn't doesn't
    don't enough everything first further gave get gets give given gives go goes going gone got hence
    however i'm i've indeed instead isn't it's keep keeps kept last later let like likely made make
    makes maybe mostly need needs next nobody nothing often once ones others otherwise part perhaps put
    puts really said say says second see seem seemed seems seen someone something soon take taken takes
    tell tells that's there's therefore they're thing things three thus together took two use used uses
    using usually want wants wasn't way we're we've well went weren't whatever whole won't yes you're
    you've
"""

STOP_WORDS = frozenset((_SHARED + _FUNCTION_WORDS).split())
PHRASE_STOP_WORDS = frozenset((_SHARED + _IN_ANY_TEXT).split())
