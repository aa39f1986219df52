"""Alembic's folder: `env.py` connects it to the store, `versions/` holds one module a revision, forward only."""
