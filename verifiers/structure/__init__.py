"""The verifier `structure`: JSON Schema, regular expression, grammar."""
