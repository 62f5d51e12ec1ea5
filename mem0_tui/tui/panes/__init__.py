"""Large parts of the main screen."""
