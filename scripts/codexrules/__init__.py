"""Measures which settings a released Codex takes, by asking the program itself."""
