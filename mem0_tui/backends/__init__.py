"""One async protocol for everything that holds memories, and its implementations."""
