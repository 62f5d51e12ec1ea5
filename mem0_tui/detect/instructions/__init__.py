"""Memories that speak to the agent: hard signs are findings, weak ones are only worth a look."""
