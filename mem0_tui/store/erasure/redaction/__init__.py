"""Taking secrets out of all that is kept of memories which stay: tables, journal, files."""
