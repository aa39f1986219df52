"""What a run shows while it goes and when it ends, under Prefect: artifacts, events, log lines."""
