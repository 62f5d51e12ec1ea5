"""Notes by which Codex is told what a person changed, where its next consolidation reads them.

Without one it may write what was removed again, from the sessions that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from mem0_tui.backends.codexmemories.folder import NOTES
from mem0_tui.backends.codexmemories.writing import replace_file
from mem0_tui.model.errors import StoreAccessError

FORGET = "forget"
_OURS = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-(?:forget|\d+-forget)\.md")
_HEAD = "Forget these. The user removed them; do not write them again.\n\n"


def tell_to_forget(folder: Path, texts: Sequence[str], now: datetime, *, beside: Path) -> None:
    """Leave a note that says to forget *texts*."""
    if texts:
        write_note(folder, FORGET, _HEAD + _items(texts), now, beside=beside)


def write_note(folder: Path, slug: str, text: str, now: datetime, *, beside: Path) -> str:
    """Write a note; its file, relative to *folder*.

    Raises:
        StoreAccessError: it cannot be written.
    """
    place = folder / NOTES
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreAccessError(f"{place}: {error.strerror or error}") from None
    stamp = f"{now:%Y-%m-%dT%H-%M-%S}"
    number = 0
    name = f"{stamp}-{slug}.md"
    while (place / name).exists():
        number += 1
        name = f"{stamp}-{number}-{slug}.md"
    replace_file(place / name, text, beside=beside)
    return f"{NOTES}/{name}"


def take_back(folder: Path, text: str, *, beside: Path) -> None:
    """Take *text* out of the notes that say to forget it; a note without any is removed."""
    place = folder / NOTES
    wanted = _items([text])
    names = sorted(path.name for path in place.glob("*.md")) if place.is_dir() else []
    for name in reversed([each for each in names if _OURS.fullmatch(each)]):
        path = place / name
        try:
            said = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            continue
        if not said.startswith(_HEAD):
            continue
        items = _parted(said.removeprefix(_HEAD))
        if wanted not in items:
            continue
        items.remove(wanted)
        if items:
            replace_file(path, _HEAD + "".join(items), beside=beside, expected=said)
        else:
            path.unlink(missing_ok=True)
        return


def _items(texts: Iterable[str]) -> str:
    return "".join("- " + text.replace("\n", "\n  ") + "\n" for text in texts)


def _parted(items: str) -> list[str]:
    return re.findall(r"- .*\n(?:(?!- ).*\n)*", items)


def slug_of(text: str) -> str:
    """A few words of *text* for a note's file name."""
    words = re.findall(r"[a-z0-9]+", text.casefold())[:5]
    return "-".join(words)[:40] or "note"
