"""Reads Codex's folder of memories: regular files in it, of bounded size, links not followed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from mem0_tui.backends.codexmemories.markdown import blocks
from mem0_tui.backends.codexmemories.passage import Passage, PassageKind
from mem0_tui.model.errors import StoreError

SUMMARY, REGISTRY = "memory_summary.md", "MEMORY.md"
NOTES, ROLLOUTS = "extensions/ad_hoc/notes", "rollout_summaries"
_EXTENSIONS = "extensions"
_MOST = 8 << 20
"""Bytes of one file that are read; a larger one is refused, not cut."""
_MOST_FILES = 20_000
_MADE_ANEW = (".codex-baseline", ".git/HEAD")
_VERSION = re.compile(r"v\d+")
_SECTIONS = {
    "user preferences": PassageKind.PREFERENCE,
    "reusable knowledge": PassageKind.KNOWLEDGE,
    "failures and how to do differently": PassageKind.FAILURE,
}
_REFERENCES = frozenset({"rollout_summary_files", "keywords"})
"""Sections of a task that name files and words, and remember nothing."""
_ABOUT = re.compile(r"(?:scope|applies_to):", re.I)
_CWD = re.compile(r"\bcwd=([^;\n]+)")
_NOTE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)")
_HEADER = re.compile(r"(thread_id|updated_at|rollout_path|cwd|git_branch): *(.*)")


class MemoryFolder:
    """The folder at *path*, as it is at each look."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamps(self) -> tuple[tuple[str, int, int, int], ...]:
        """Name, time, size and number of every file that is read: equal where nothing changed."""
        found = []
        for name in self._names():
            try:
                status = os.lstat(self.path / name)
            except FileNotFoundError:
                continue
            found.append((name, status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(found)

    def passages(self) -> list[Passage]:
        """Everything that Codex remembers, file by file.

        Raises:
            StoreError: a file cannot be read, is too large, or is not UTF-8; names it.
        """
        found: list[Passage] = []
        for name in self._names():
            try:
                found += self._of(name, self.read(name))
            except FileNotFoundError:  # Codex has put it away meanwhile
                continue
        return _numbered(found)

    def read(self, name: str) -> str:
        """The text of the file *name*.

        Raises:
            FileNotFoundError: there is none.
            StoreError: it cannot be read, is too large, or is not UTF-8.
        """
        path = self.path / name
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAIT)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise StoreError(f"{path} is not a regular file")
                data = file.read(_MOST + 1)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror or error}") from None
        if len(data) > _MOST:
            raise StoreError(f"{path} is larger than {_MOST >> 20} MB")
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise StoreError(f"{path} is not valid UTF-8") from None

    def _names(self) -> list[str]:
        own = [name for name in (SUMMARY, REGISTRY) if os.path.lexists(self.path / name)]
        below = [NOTES, ROLLOUTS, *self._resources()]
        return own + [name for folder in below for name in self._files(folder)]

    def _resources(self) -> list[str]:
        extensions = self.path / _EXTENSIONS
        try:
            names = sorted(os.listdir(extensions))
        except OSError:
            return []
        folders = (f"{_EXTENSIONS}/{name}/resources" for name in names)
        return [folder for folder in folders if os.path.isdir(self.path / folder)]

    def _files(self, folder: str) -> Iterator[str]:
        try:
            names = sorted(os.listdir(self.path / folder))[:_MOST_FILES]
        except OSError:
            return
        for name in names:
            path = self.path / folder / name
            if not name.startswith(".") and os.path.isfile(path) and not os.path.islink(path):
                yield f"{folder}/{name}"

    def _of(self, name: str, text: str) -> Iterator[Passage]:
        if name == SUMMARY:
            yield from _summary(text, self._consolidated(name), self._changed(name))
        elif name == REGISTRY:
            yield from _registry(text, self._consolidated(name), self._changed(name))
        elif name.startswith(f"{ROLLOUTS}/"):
            yield _rollout(name, text, self._changed(name))
        else:
            kind = PassageKind.NOTE if name.startswith(f"{NOTES}/") else PassageKind.RESOURCE
            changed = self._changed(name)
            created = _note_time(name) if kind is PassageKind.NOTE else None
            yield Passage(
                kind, name, text.strip("\n"), created_at=created or changed, updated_at=changed
            )

    def _consolidated(self, name: str) -> datetime | None:
        """When Codex wrote its texts last, which a person's edit does not change: the date of its
        repository, which it makes anew each time; else that of the file *name*."""
        dates = [self._changed(made) for made in _MADE_ANEW]
        return max((date for date in dates if date is not None), default=self._changed(name))

    def _changed(self, name: str) -> datetime | None:
        try:
            return datetime.fromtimestamp(os.lstat(self.path / name).st_mtime, UTC)
        except (OSError, OverflowError, ValueError):
            return None


_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""A pipe in a file's place is opened at once, and then refused."""


def _summary(text: str, made: datetime | None, changed: datetime | None) -> Iterator[Passage]:
    for block in blocks(text):
        if block.start == 0 and not block.headings and _VERSION.fullmatch(block.text.strip()):
            continue
        yield Passage(
            PassageKind.SUMMARY,
            SUMMARY,
            block.text,
            block.headings,
            block,
            created_at=made,
            updated_at=changed,
        )


def _registry(text: str, made: datetime | None, changed: datetime | None) -> Iterator[Passage]:
    folder: str | None = None
    group = ""
    for block in blocks(text):
        if block.headings[:1] != (group,):
            group, folder = block.headings[0] if block.headings else "", None
        if len(block.headings) <= 1 and _ABOUT.match(block.text):
            named = _CWD.search(block.text)
            folder = named[1].strip() if named else folder
            continue
        last = block.headings[-1].casefold() if block.headings else ""
        if last in _REFERENCES:
            continue
        kind = _SECTIONS.get(last, PassageKind.TASK)
        yield Passage(
            kind,
            REGISTRY,
            block.text,
            block.headings,
            block,
            folder,
            created_at=made,
            updated_at=changed,
        )


def _rollout(name: str, text: str, changed: datetime | None) -> Passage:
    about: dict[str, str] = {}
    lines = text.split("\n")
    while lines and (header := _HEADER.fullmatch(lines[0].rstrip("\r"))):
        about[header[1]] = header[2].strip()
        lines.pop(0)
    at = _moment(about.get("updated_at", "")) or changed
    body = "\n".join(lines).strip("\n")
    thread, folder = about.get("thread_id") or None, about.get("cwd") or None
    return Passage(
        PassageKind.ROLLOUT, name, body, (), None, folder, thread, created_at=at, updated_at=at
    )


def _note_time(name: str) -> datetime | None:
    found = _NOTE_TIME.match(name.rpartition("/")[2])
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y-%m-%dT%H-%M-%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _numbered(found: list[Passage]) -> list[Passage]:
    """*found* with equal passages told apart by their order."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    numbered: list[Passage] = []
    for passage in found:
        count = seen.get(passage.key, 0)
        seen[passage.key] = count + 1
        numbered.append(replace(passage, number=count) if count else passage)
    return numbered
