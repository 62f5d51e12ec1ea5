"""Writes the tables of docs/settings.md from what the program itself goes by.

python scripts/reference.py          prints the page
python scripts/reference.py --write  writes it
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from mem0_tui.settings.schema import SETTINGS
from mem0_tui.tui.keys import ACTIONS, KeyContext, written

PAGE = Path(__file__).parents[1] / "docs/settings.md"


def keys() -> Iterable[str]:
    """The keys as lines of a Markdown table."""
    yield from ("| key | what it does | action id |", "|---|---|---|")
    for action in ACTIONS:
        pressed = " ".join(f"<kbd>{key}</kbd>" for key in written(action.keys).split(" "))
        place = "Health screen: " if action.where is KeyContext.HEALTH else ""
        yield f"| {pressed} | {place}{action.help} | `{action.id}` |"


def settings() -> Iterable[str]:
    """The settings as lines of a Markdown table."""
    yield from ("| setting | what it is | value | variable | option |", "|---|---|---|---|---|")
    for setting in SETTINGS.values():
        variables = ", ".join(f"`{name}`" for name in setting.variables)
        option = f"`{setting.option}`" if setting.option else ""
        yield f"| `{setting.name}` | {setting.help} | {setting.form} | {variables} | {option} |"


TABLES = {"keys": keys, "settings": settings}


def with_tables(page: str) -> str:
    """*page* with the present tables between their marks."""
    for name, lines in TABLES.items():
        before, begin, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        page = "".join((before, begin, *(f"{line}\n" for line in lines()), end, after))
    return page


if __name__ == "__main__":
    made = with_tables(PAGE.read_text(encoding="utf-8"))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(made, encoding="utf-8", newline="\n")
    else:
        print(made, end="")
