"""git, run on somebody's repository without obeying anything in it."""
