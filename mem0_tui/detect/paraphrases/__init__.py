"""Memories that say the same in other words: vectors tell where to look, words may say no."""
