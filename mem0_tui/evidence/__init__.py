"""What Codex saw and did with memories, as the files on this machine tell it. Read only."""
