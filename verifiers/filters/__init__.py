"""Filters: cheap checks that reject a response or a generated instruction, with a reason."""
