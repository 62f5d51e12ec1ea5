"""What is on the screen before the app is."""
