"""``codex-memories``: empties Codex's own memories, and puts back what was there before."""

from __future__ import annotations

import os
import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mem0_tui.backends.codexmemories import jobs, snapshots
from mem0_tui.backends.codexmemories.folder import MemoryFolder
from mem0_tui.cli.command import Command
from mem0_tui.cli.rendering.json_documents import iso
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.prompts import ask_line
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import (
    ConfirmationError,
    ReadOnlyError,
    StoreError,
    UnsupportedError,
    UsageError,
)
from mem0_tui.settings.locations import tilde

if TYPE_CHECKING:
    from mem0_tui.codex import Install
    from mem0_tui.settings.schema import Settings

ACTIONS = ("reset", "undo", "snapshots")
WORD = "reset"
_KEPT_IN = "codex-snapshots"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=ACTIONS,
        help="reset: have Codex forget all of its own memories, after a snapshot of them; "
        "undo: put back what the last reset, or a snapshot, took; snapshots: list these",
    )
    parser.add_argument("snapshot", nargs="?", metavar="SNAPSHOT", help="undo: which to put back")
    parser.add_argument("-n", "--dry-run", action="store_true", help="only show what would be done")
    parser.add_argument("--confirm", metavar="WORD", help=f"reset without a question: `{WORD}`")
    parser.add_argument(
        "-y", "--yes", action="store_true", help="undo: do not ask for confirmation"
    )


def run(args: Namespace) -> int:
    """Carry out the action; 0 done, 1 done with something left.

    Raises:
        UsageError: an option belongs to another action.
        RefusedError: Codex is writing its memories, or nobody agreed.
        BackendError: Codex does not answer, or a file cannot be written.
    """
    _check_options(args)
    return _Memories(args).run()


def _check_options(args: Namespace) -> None:
    if args.snapshot is not None and args.action != "undo":
        raise UsageError(f"codex-memories {args.action} takes no {args.snapshot!r}")
    if args.confirm is not None and args.action != "reset":
        raise UsageError(f"codex-memories {args.action} takes no --confirm")
    if args.yes and args.action != "undo":
        raise UsageError(
            f"codex-memories {args.action} takes no --yes", hint=f"--confirm {WORD} does not ask"
        )
    if args.demo:
        raise UnsupportedError("no Codex belongs to the demo store")


class _Memories:
    """One run of the command."""

    def __init__(self, args: Namespace) -> None:
        from mem0_tui.cli.composition.chosen import settings_of

        args.backend = "codex"
        self._args = args
        self._output: Output = args.output
        self._settings: Settings = settings_of(args)
        assert self._settings.codex_home is not None
        self._home: Path = self._settings.codex_home
        self._root = self._settings.journal.parent / _KEPT_IN
        self._clock = SystemClock()

    def run(self) -> int:
        actions = {"reset": self._reset, "undo": self._undo, "snapshots": self._list}
        return actions[self._args.action]()

    def _reset(self) -> int:
        from mem0_tui.codex import scan
        from mem0_tui.codex.live.memory_reset import reset_memories

        self._check_idle()
        there = snapshots.look(self._home)
        install = scan(codex_home=str(self._home))
        digests = len(jobs.kept_sessions(str(self._home)))
        document: dict[str, Any] = {**self._document(there), "digests": digests}
        files = [each for each in there if not each.is_folder]
        if not files and not digests:
            return self._end({**document, "applied": False}, "Codex remembers nothing.")
        for line in self._plan(there, digests, install):
            self._output.note(line)
        if self._args.dry_run:
            return self._end({**document, "applied": False}, "Dry run: nothing was changed.")
        self._check_writable()
        self._confirm()
        snapshot = snapshots.take(self._home, self._root, "reset", self._clock.now())
        try:
            self._check_idle()
            reset_memories(install)
        except BaseException:
            if snapshots.look(self._home) == snapshot.entries:  # nothing came of it
                shutil.rmtree(snapshot.folder, ignore_errors=True)
            else:
                self._output.note(f"What was there is kept: {self._place(snapshot)}")
            raise
        left = [each.name for each in snapshots.look(self._home) if not each.is_folder]
        document |= {"applied": True, "snapshot": snapshot.name, "left": left}
        self._output.line(self._output.styled("✓ ", "green") + "Codex's own memories are empty")
        for name in left:
            self._output.warn(f"{name} is there: Codex left it, or wrote it since")
        return self._end(
            document,
            "To put them back: mem0-tui --write codex-memories undo",
            code=1 if left else 0,
        )

    def _undo(self) -> int:
        self._check_idle()
        snapshot = snapshots.find(self._root, self._home, self._args.snapshot)
        snapshots.check(snapshot)
        there = snapshots.look(self._home)
        new = [each for each in there if not each.is_folder and each not in snapshot.entries]
        document = {**self._document(snapshot.entries), "snapshot": snapshot.name, "saved": None}
        made = f"{snapshot.made_at:%Y-%m-%d %H:%M} UTC"
        self._output.note(
            f"Put back {_size(snapshot.entries)} into {self._where}, as of {made}."
            " What Codex kept of sessions in its database does not come back."
        )
        if new:
            self._output.note(
                f"In place of {plural(len(new), 'file')} that came or changed since; a snapshot of"
                " what is there now is made first."
            )
        if self._args.dry_run:
            return self._end({**document, "applied": False}, "Dry run: nothing was changed.")
        self._check_writable()
        if not self._args.yes:
            said = ask_line(self._output, "Do it? [y/N] ", "pass --yes, or --dry-run to look")
            if said.lower() not in ("y", "yes"):
                raise ConfirmationError("nothing was changed")
        if new:
            saved = snapshots.take(self._home, self._root, "undo", self._clock.now())
            document["saved"] = saved.name
        self._check_idle()
        snapshots.restore(snapshot)
        self._output.line(
            self._output.styled("✓ ", "green") + f"put back {_size(snapshot.entries)}"
        )
        return self._end({**document, "applied": True})

    def _list(self) -> int:
        found = snapshots.snapshots(self._root, self._home)
        for each in found:
            state = ", put back" if each.undone else ""
            self._output.line(f"{each.name}  {_size(each.entries)}{state}")
        document = {
            "codex_home": str(self._home),
            "snapshots": [
                {
                    "name": each.name,
                    "made_at": iso(each.made_at),
                    "before": each.before,
                    "undone": each.undone,
                    **_counts(each.entries),
                }
                for each in found
            ],
        }
        return self._end(document, "" if found else "There is no snapshot of Codex's memories.")

    def _plan(
        self, there: tuple[snapshots.SavedFile, ...], digests: int, install: Install
    ) -> list[str]:
        lines = [
            f"Codex forgets all of its own memories in {self._where}:",
            f"  - {_size(there)}{self._memories()}, a person's notes and edits included",
        ]
        if digests:
            lines.append(f"  - what its database keeps of {plural(digests, 'session')}")
        lines += [
            "Codex does it itself (`codex app-server`, memory/reset) and keeps no copy. Its"
            " sessions stay, and it may learn from young ones again.",
            f"The files are copied first, to {self._short(self._root)}; `codex-memories undo` puts"
            " them back, but not what the database keeps.",
        ]
        if any(market.source_type == "git" for market in install.marketplaces):
            lines.append("Codex upgrades plugins of git marketplaces whenever it starts: now, too.")
        return lines

    def _memories(self) -> str:
        try:
            count = len(MemoryFolder(self._home / snapshots.FOLDERS[0]).passages())
        except StoreError:
            return ""
        return f" with {plural(count, 'memory')}"

    def _confirm(self) -> None:
        hint = f"type the word, or pass --confirm {WORD}"
        said = self._args.confirm
        if said is None:
            said = ask_line(self._output, f"Type {WORD} to go on: ", hint)
        if said.casefold() != WORD:
            raise ConfirmationError("nothing was changed", hint=hint)

    def _check_idle(self) -> None:
        jobs.check_idle(str(self._home), self._clock.now().timestamp())

    def _check_writable(self) -> None:
        if self._settings.read_only:
            origin = self._settings.origins.get("read_only")
            raise ReadOnlyError(f"{self._where} is read-only ({origin})")

    @property
    def _where(self) -> str:
        return self._short(self._home / snapshots.FOLDERS[0])

    def _short(self, path: Path) -> str:
        return safe(tilde(path, os.environ))

    def _place(self, snapshot: snapshots.Snapshot) -> str:
        return self._short(snapshot.folder)

    def _document(self, entries: tuple[snapshots.SavedFile, ...]) -> dict[str, Any]:
        return {"action": self._args.action, "codex_home": str(self._home), **_counts(entries)}

    def _end(self, document: dict[str, Any], said: str = "", *, code: int = 0) -> int:
        if self._output.json_only:
            self._output.document(document)
        elif said:
            self._output.note(said)
        return code


def _counts(entries: tuple[snapshots.SavedFile, ...]) -> dict[str, int]:
    files = [each for each in entries if not each.is_folder]
    return {"files": len(files), "bytes": sum(each.size for each in files)}


def _size(entries: tuple[snapshots.SavedFile, ...]) -> str:
    counted = _counts(entries)
    return f"{plural(counted['files'], 'file')} ({counted['bytes']:,} bytes)"


COMMANDS = {"codex-memories": Command(add_arguments, run)}
