"""A run: its configuration, its phases, instruction synthesis, judges and workers. No Prefect, no click."""
