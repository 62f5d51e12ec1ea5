"""Writes the README's table of keys from the registry that the screen's keys are made from.

python scripts/readme_keys.py          prints the table
python scripts/readme_keys.py --write  puts it into README.md
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mem0_tui.tui.keys import ACTIONS, KeyContext, written

README = Path(__file__).parents[1] / "README.md"
MARKED = re.compile(r"(<!-- keys -->\n).*?(<!-- /keys -->)", re.DOTALL)


def table() -> str:
    """The keys as a Markdown table."""
    lines = ["| key | what it does | action id |", "|---|---|---|"]
    for action in ACTIONS:
        keys = " ".join(f"<kbd>{key}</kbd>" for key in written(action.keys).split(" "))
        place = "Health screen: " if action.where is KeyContext.HEALTH else ""
        lines.append(f"| {keys} | {place}{action.help} | `{action.id}` |")
    return "\n".join(lines) + "\n"


def with_table(readme: str) -> str:
    """*readme* with the present table between its marks."""
    return MARKED.sub(lambda found: found.group(1) + table() + found.group(2), readme)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table(), end="")
