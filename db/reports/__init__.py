"""Queries of summaries, reports and `browse`."""
