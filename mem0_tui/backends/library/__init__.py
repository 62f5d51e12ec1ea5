"""What the screen reads a long listing from: the store itself, or a copy of a remote backend."""
