"""Diversity of a set of texts, for reports."""
