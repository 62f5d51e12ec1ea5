"""What can be done with memories: look, plan, apply, undo. The one door for the front ends."""
