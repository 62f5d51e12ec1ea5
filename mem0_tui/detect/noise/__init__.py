"""Memories that programs wrote about their own running, told by who wrote them."""
