"""A store as somebody found it after a month: 10,134 memories, of which 304 are worth keeping."""
