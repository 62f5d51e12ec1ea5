"""Mem0's Platform, and every server that speaks its REST API."""
