"""The settings and keys, changed where they are shown."""
