"""The English words that say little of what a text is about: articles, pronouns, prepositions, auxiliaries.

Our own list, of function words only. As `words` gives them: in lower case, without apostrophes.
"""

_FUNCTION_WORDS = """
    a an the this that these those some any each every either neither both all no none such same other another
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her
    hers herself it its itself they them their theirs themselves one who whom whose which what
    am is are was were be been being do does did doing done have has had having can could may might must shall
    should will would ought
    and or but nor so yet if then else than because since while although though unless until whereas whether
    as at by for from in into of off on onto out over under up down to toward towards with within without
    about above across after against along among around before behind below beneath beside between beyond
    during except inside near outside per through throughout upon via
    when where why how here there now again also too very just only even ever never not more most less least
    much many few little several own still already almost quite rather
    im ive id youre youve hes shes weve theyre theyve thats theres whats lets isnt arent wasnt werent
    dont doesnt didnt havent hasnt hadnt cant cannot couldnt shouldnt wont wouldnt
"""

STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
