"""Words of a sentence that lead to its value, end it, change what it means, or say something of it."""

import re

LEAD_IN = re.compile(
    r"(?:(?:approximately|approx\.?|about|around|roughly|exactly|precisely|simply|just|therefore|thus|hence"
    r"|then|indeed|clearly|obviously|now|still|actually|really|probably|likely|equal\s+to|equals?|be"
    r"|given\s+by"
    r"|as\s+follows|(?:the\s+)?(?:option|choice)(?=\s+\(?[A-J](?![^\W_]))"
    r"|the\s+(?:number|value|integer|fraction|expression|point|set|interval|pair)|(?-i:an?)(?=\s+\w)"
    r"|de|donc|ainsi|daher|somit|entonces|portanto|por\s+(?:lo\s+)?tanto|quindi|dus|więc|значит|следовательно"
    r"|environ|aproximadamente|cerca\s+de|etwa|ungefähr|also|circa|ongeveer|około|примерно|около"
    r"|приблизительно|sekitar|khoảng|약)(?![^\W\d_])|[约約]為?|大[约約]|およそ|[-=]{1,2}>|[→⇒≈~*_\"“`])\s*[:,，、]?\s*",
    re.IGNORECASE,
)
CHOICE = re.compile(r"(?:(?:option|choice)\s+)?\(?[A-J]\s*[).:,]*\s*", re.IGNORECASE)

CLAUSE = re.compile(r"i\.e\.?|e\.g\.?|because|since|as|which|so|where|when|if|that|after|while|whereas")
CLAUSE_ELSEWHERE = re.compile(
    "porque|pois|car|parce|puisque|weil|denn|da|perché|poiché|omdat|want|ponieważ|bo|потому|так|поскольку"
    "|karena|sebab"
)
TRUTH = re.compile("yes|no|true|false|none")
DENIAL = re.compile("not|rather|instead")
REMARK = re.compile(
    r"[\s,(]*\b(?:rounded|(?:(?:correct|accurate)[ ])?to[ ](?:the[ ]nearest|\w{1,9}[ ](?:decimal|signific))"
    r"|and[ ](?:so|we|it|this|that|I|he|she|they)\b)"
    r"|\s\((?:from|see|as|since|because|using|by|after|not|which)\b"
    r"|です|である|でした|だ(?=[。\s]|$)|とな|になり|なので|ので|から|입니다|이다|이에요|예요|이므로|है|因为|因為|所以",
    re.IGNORECASE,
)
"""How a value was rounded or found; the verb or the conjunction that stands behind it in some languages."""

LINK = re.compile(r"[\s,，(–—-]*(?:\b(?:and|but)\b[\s,(]*)?$", re.IGNORECASE)

VERB = re.compile("is|are|was|were|equals?|be|=", re.IGNORECASE)
VERB_WITHIN = re.compile(rf"(?<!\w)(?:{VERB.pattern})(?!\w)", re.IGNORECASE)
SUBJECT = re.compile(r"\s(?:is|are|was|were|equals?)\b", re.IGNORECASE)
"""What stands behind a name that is no value: "$f(2)$ is 42"."""

CHANGING = re.compile(
    r"\b(?:not|\w{1,9}n['’]t|never|no|none|neither|nor|cannot|without|fail\w*|impossible|unless|except"
    r"|than|least"
    r"|most|under|over|above|below|between|up\s+to|within|half|thirds?|quarters?|twice|doubl\w+"
    r"|tripl\w+|times"
    r"|squar\w+|cub\w+|roots?|power|multipl\w+|factor\w*|divisors?|divi\w+|percent\s+of|reciprocal"
    r"|inverse|negative"
    r"|minus|plus|log\w*|mod\w*|base|out\s+of|(?:only\s+|exactly\s+)?one(?=\s+of)|only\s+one|digits?"
    r"|decimals?"
    r"|places?|round\w+|nearest|first|if|when|assum\w*|suppos\w*|almost|nearly|close\s+to|instead|rather|same"
    r"|other|wrong|incorrect|mistake\w*|previous\w*|initial\w*|original\w*|before|after|yes|true|false"
    r"|possib\w+"
    r"|might|could|may|more|less|fewer|greater|smaller|by\s+\w+ing|nobody|nothing|hardly|barely"
    r"|rarely)\b|^-[^\W\d_]",
    re.IGNORECASE,
)
"""Words beside a value that may make it another one, or none that is meant."""

JUDGING = re.compile(
    r"\b(?:correct|certain|sure|confident|right|accurate|likely|times|than|more|less|fewer|greater"
    r"|larger|smaller)\b"
    r"|^-[^\W\d_]",
    re.IGNORECASE,
)
"""Words behind a value that make a sentence say something of the answer: "100% certain", "2 more than 16"."""

PREPOSITION = re.compile("in|at|on|for|by|to|from|with|of|per|and|or", re.IGNORECASE)
NAMED = re.compile(rf"(?i:{TRUTH.pattern}|undefined|infinit\w+|impossible)\b|[A-Z]|\\text\s?\{{")
DESCRIBING = re.compile(
    r"\W*(?:(?:in)?correct|right|wrong|valid|consistent|above|below|reasonable|verified|confirmed|boxed"
    r"|given|shown"
    r"|see|as|found|obtained|computed|calculated|derived|reached|based|expressed|written|in|by|from|not)\b",
    re.IGNORECASE,
)
