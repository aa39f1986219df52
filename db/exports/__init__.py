"""Queries and records of exports."""
