"""The flows that are deployed beside the two mills: top-up, export, reverify, report, and work.

Each takes one pydantic model, which is the form in Prefect's dialog Run, and does what the command of its
name does. What it made is shown as an artifact, and said in the message of its state.
"""
