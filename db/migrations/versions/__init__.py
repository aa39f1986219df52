"""The revisions, oldest first. A revision never imports `db.tables`: it says what was, whatever the tables become."""
