"""mem0-tui: see, search and prune what Codex remembers with Mem0."""

__version__ = "0.1.0"
