"""Instruction synthesis: briefs to a model, candidates from its responses, filters, problems of the run."""
