"""A git repository, read without obeying anything that it says of itself."""
