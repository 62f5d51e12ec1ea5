"""Whether what a memory names is still there, by the history of a git repository."""
