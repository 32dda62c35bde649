"""Schema changes in order: numbered, one head, the same on SQLite and PostgreSQL."""
