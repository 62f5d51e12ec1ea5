"""What clients ask for, read from their requests."""
