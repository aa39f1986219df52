"""The verifier `math`: extraction of an answer and its equality with the reference."""
