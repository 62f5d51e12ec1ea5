"""The way of a memory through an install, station by station: from the prompt out, and back."""
