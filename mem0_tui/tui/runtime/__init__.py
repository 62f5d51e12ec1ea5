"""Threads, workers and the order of keys."""
