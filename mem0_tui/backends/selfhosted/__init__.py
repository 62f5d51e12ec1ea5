"""Mem0's open-source REST server."""
