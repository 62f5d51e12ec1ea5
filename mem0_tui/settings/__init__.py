"""What the user configured, and where each value came from."""
