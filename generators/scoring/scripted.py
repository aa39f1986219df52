"""Log probabilities by rule, without a model: a word that occurred before is likelier than a new one.

An instruction that shares words with its fragment makes the fragment likelier, one that shares none leaves it
as it was: a dry run finds the pairs that do not belong together, and a test can plant them. It says nothing
of any real model. `ScriptedScorer` plays the rule in process, the tests' stub server over HTTP.
"""

import re

NEW_LOGPROB = -4.0
MET_LOGPROB = -1.0
MET_LETTERS = 5
"""Letters and digits of a word that counts as met; shorter ones stand in every text."""

_TOKEN = re.compile(r"\s*\S+|\s+")


def scripted_tokens(text: str) -> list[tuple[str, float]]:
    """Words, each with the white space before it, and their log probabilities; joined they are `text`."""
    met: set[str] = set()
    tokens = []
    for token in _TOKEN.findall(text):
        word = "".join(filter(str.isalnum, token.casefold()))
        tokens.append((token, MET_LOGPROB if word in met else NEW_LOGPROB))
        if len(word) >= MET_LETTERS:
            met.add(word)
    return tokens
