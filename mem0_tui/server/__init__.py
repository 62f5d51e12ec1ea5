"""Serves the embedded store over Mem0's own protocols."""
