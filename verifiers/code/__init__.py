"""The verifier `code-tests`, and cells that a response runs on its way."""
