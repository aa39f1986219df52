from tests.verifiers.constraints.cases import adversarial, broken, edge, met

ASKED = "Why do ships float?"
ANSWERS = ["My answer is yes.", "My answer is no."]

CASES = (
    met("json-only", '{"answer": [1, 2]}'),
    broken("json-only", 'Here it is: {"answer": 1}'),
    # White space around it does not count; a text or a number alone is JSON, and no answer in JSON.
    edge("json-only", True, "\n[]\n"),
    edge("json-only", False, '"yes"'),
    # A fence is text around it; a key twice and NaN are read apart by different readers.
    adversarial("json-only", False, '```json\n{"a": 1}\n```'),
    adversarial("json-only", False, '{"a": 1, "a": 2}'),
    adversarial("json-only", False, "[NaN]"),
    adversarial("json-only", False, "[" * 5000 + "]" * 5000),
    met("quoted", '"It rains."'),
    broken("quoted", "It rains."),
    edge("quoted", True, '  "It "really" rains."\n'),
    # Curly quotes are not the ones that were asked for.
    edge("quoted", False, "“It rains.”"),
    # One sign is not two, and there must be something between them.
    adversarial("quoted", False, '"'),
    adversarial("quoted", False, '"""'),
    met("two-responses", "It rains.\n******\nThe sun shines."),
    broken("two-responses", "It rains.\n\nThe sun shines."),
    edge("two-responses", True, "It rains.\n\n ****** \n\nThe sun shines.\n******"),
    edge("two-responses", False, "One.\n******\nTwo.\n******\nThree."),
    # The same words in another case and with other signs are no different response.
    adversarial("two-responses", False, "It rains.\n******\nit  RAINS!"),
    adversarial("two-responses", False, "It rains. ****** The sun shines."),
    met("choice", "My answer is yes.", options=ANSWERS),
    broken("choice", "I would say yes.", options=ANSWERS),
    edge("choice", True, "\nMy answer is no. ", options=ANSWERS),
    edge("choice", False, "my answer is no", options=ANSWERS),
    # Both at once, or one and a word more, is no choice.
    adversarial("choice", False, "My answer is yes. My answer is no.", options=ANSWERS),
    adversarial("choice", False, "My answer is yes. But why?", options=ANSWERS),
    met("repeat-prompt", f"{ASKED}\n\nThey displace water.", prompt=ASKED),
    broken("repeat-prompt", "They displace water.", prompt=ASKED),
    # Nothing after it is no answer.
    edge("repeat-prompt", False, f"{ASKED}\n", prompt=ASKED),
    edge("repeat-prompt", False, f'"{ASKED}" They displace water.', prompt=ASKED),
    # Line breaks are the same whatever system wrote them; other white space is not.
    edge("repeat-prompt", True, "Why?\nHow?\nSo.", prompt="Why?\r\nHow?"),
    edge("repeat-prompt", False, "Why? How?\nSo.", prompt="Why?\r\nHow?"),
    # A change of one letter, or the request at the end, is no repetition.
    adversarial("repeat-prompt", False, "Why do Ships float? They displace water.", prompt=ASKED),
    adversarial("repeat-prompt", False, f"They displace water. {ASKED}", prompt=ASKED),
)
