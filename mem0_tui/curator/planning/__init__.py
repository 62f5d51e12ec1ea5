"""What is to be done, before it is done: staged changes, plans, plan files."""
