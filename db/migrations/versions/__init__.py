"""The revisions, oldest first. None imports `db.tables`, so that later changes of tables cannot alter it."""
