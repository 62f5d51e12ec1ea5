"""The fence around Textual's private parts: how lines reach the terminal."""
