"""Removing memories for good: a plan, what carries it out, and the look for what is left."""
