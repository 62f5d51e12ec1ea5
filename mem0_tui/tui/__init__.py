"""The Textual app: screens over the curator."""
