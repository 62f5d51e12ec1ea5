"""What was going to be done, written before it is done, and what became of it."""
