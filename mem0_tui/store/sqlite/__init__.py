"""One SQLite file: connections, one writer, errors, migrations."""
