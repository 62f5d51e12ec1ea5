"""``python -m mem0_tui`` is the same program as ``mem0-tui``."""

from mem0_tui.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
