"""Codex's own memories, which are files in ``$CODEX_HOME/memories`` (Codex 0.171.0)."""
