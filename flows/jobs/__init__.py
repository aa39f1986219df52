"""Flows deployed beside the two that synthesize data: top-up, export, reverify, report, work.

Each takes one pydantic model, which is the form in Prefect's dialog Run, and does what the command of its
name does. What it made is an artifact and the message of its state.
"""
