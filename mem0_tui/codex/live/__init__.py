"""What Codex and the servers themselves answer."""
