"""Erasing memories for good: the places that hold their content, and the proof that it is gone."""
