"""all-MiniLM-L6-v2 in int8: weights and vocabulary as package data, and what runs them."""
