"""The SQL store (SQLAlchemy, Alembic): tables, migrations, queries."""
