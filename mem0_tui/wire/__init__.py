"""Mem0's JSON shapes, as client and server both read and write them."""
