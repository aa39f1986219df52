"""Alembic's folder: `env.py` connects it to the store, `versions/` holds the revisions, forward only."""
