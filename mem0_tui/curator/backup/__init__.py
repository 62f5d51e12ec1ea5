"""A copy of all memories in a git repository, a file each, and the ways back."""
