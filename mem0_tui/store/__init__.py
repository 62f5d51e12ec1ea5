"""The embedded store: SQLite, full text, vectors, and the journal of what was changed."""
