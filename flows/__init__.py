"""Prefect flows and their tasks, and what deploys, serves and shows them."""
