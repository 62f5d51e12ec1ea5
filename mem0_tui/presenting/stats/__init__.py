"""How the memory grows and is used: the numbers, and the picture of them for both front ends."""
