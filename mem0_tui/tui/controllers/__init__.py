"""What the main screen's keys do: small objects that are given the screen and its session."""
