"""Memories that say the same again, and memories that contradict each other."""
