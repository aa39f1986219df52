"""`gristmill serve`: a Prefect server, the deployments and their runner in one process tree."""
