"""Instructions: clean ones, one that is known, and one of a benchmark."""

KNOWN = "Write a letter to the mayor about the broken bridge near the old school in our village."
ITEM = "A farmer has seventeen sheep and all but nine run away; how many sheep are left on the farm?"
CLEAN = [
    "Describe three ways to keep bread fresh for a week.",
    "A farmer has twelve goats and sells five; how many does he keep?",
    "Write a letter to your sister about the new bakery that opened in town.",
    "Translate 'Guten Morgen, wie geht es dir?' into English.",
    "Name three colours of autumn leaves.",
    "Compute $\\frac{3}{4} + \\frac{5}{6}$ and simplify.",
    "Why do cats purr?",
]
