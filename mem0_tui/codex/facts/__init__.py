"""What is installed, read from files as Codex reads them."""
