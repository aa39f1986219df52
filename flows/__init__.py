"""What runs when: Prefect flows, loading, export and the command line."""
