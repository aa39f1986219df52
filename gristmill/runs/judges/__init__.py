"""Judges of a run: the verifier pool alone, or followed by a judge model."""
