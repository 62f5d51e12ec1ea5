"""What both front ends say alike."""
