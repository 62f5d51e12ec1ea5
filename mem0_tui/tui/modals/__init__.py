"""Questions and panes on top of a screen; each dismisses with a typed result."""
