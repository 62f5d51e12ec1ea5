"""The app of one tab, as ``mem0-tui web`` starts it: its command line is in the environment."""

from __future__ import annotations

import json
import os
import sys

from mem0_tui.web.mode import WORDS


def main() -> int:
    """Run the command line that the environment holds, which what it starts does not inherit."""
    from mem0_tui.cli.main import main as run

    return run([str(word) for word in json.loads(os.environ.pop(WORDS, "[]"))])


if __name__ == "__main__":
    sys.exit(main())
