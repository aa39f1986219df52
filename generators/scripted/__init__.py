"""Responses by rule, without a model: for tests and dry runs."""
