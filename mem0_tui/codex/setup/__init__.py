"""Wiring Codex to a Mem0 server, and taking that back."""
