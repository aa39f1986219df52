"""The revisions, oldest first. None imports `db.tables`: it says what was, whatever the tables become."""
