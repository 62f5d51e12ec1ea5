"""The routes of Mem0's REST API."""
