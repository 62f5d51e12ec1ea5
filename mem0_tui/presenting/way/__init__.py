"""The way of a memory through an install, as a drawing where there is room, else as a column."""
