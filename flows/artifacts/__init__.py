"""Artifacts, events and log lines of a run under Prefect, while it goes and when it ends."""
