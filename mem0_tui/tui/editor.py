"""Memories as one text buffer for ``$EDITOR``, and back: every hidden character is spelled out, and
nothing that a text holds can be taken for the line that separates two memories.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mem0_tui.model.errors import FileFormatError, NotFoundError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import from_editable, one_line, to_editable

_HEAD = re.compile(r"=== mem0:(\S+) ===.*")
_LOOKALIKE = re.compile(r"^=(?==+ mem0:)", re.M)
_NOTE = (
    "Edit the texts below; the lines with === mem0: keep them apart and must stay.\n"
    "A memory that you take out stays as it is. Saving stages the edits, nothing is sent.\n"
)
_EDITORS = ("nano", "vim", "vi", "notepad")
_GOTO_EDITORS = ("code", "code-insiders", "codium", "cursor", "windsurf")
_COLON_EDITORS = ("hx", "helix", "subl", "zed")


def to_buffer(memories: Sequence[Memory]) -> str:
    """The text of *memories*, each under a line with its id."""
    parts = [_NOTE]
    for memory in memories:
        about = one_line(memory.type or "untyped")
        text = _LOOKALIKE.sub("⟦U+003D⟧", to_editable(memory.text))
        parts.append(f"=== mem0:{memory.id} === {about}\n{text}\n")
    return "\n".join(parts)


def from_buffer(buffer: str, memories: Sequence[Memory]) -> Mapping[str, str]:
    """The texts that were changed, by memory id.

    Raises:
        FileFormatError: a memory is not one of *memories*, is there twice, or has no text left.
    """
    known = {memory.id: memory for memory in memories}
    found: dict[str, str] = {}
    for id_, written in _sections(buffer):
        if id_ not in known:
            raise FileFormatError(f"{one_line(id_)} was not among the memories to edit")
        if id_ in found:
            raise FileFormatError(f"{id_} is there twice")
        if not written.strip() and known[id_].text.strip():
            raise FileFormatError(
                f"{id_} has no text left", hint="take its === line out too, or delete it with d"
            )
        found[id_] = written
    given = dict(_sections(to_buffer(memories)))
    return {id_: from_editable(text) for id_, text in found.items() if text != given[id_]}


def _sections(buffer: str) -> list[tuple[str, str]]:
    sections: list[tuple[str, list[str]]] = []
    for written in buffer.replace("\r\n", "\n").split("\n"):
        head = _HEAD.fullmatch(written)
        if head:
            sections.append((head.group(1), []))
        elif sections:
            sections[-1][1].append(written)
    return [(id_, _body(lines)) for id_, lines in sections]


def _body(lines: Sequence[str]) -> str:
    """The lines of one memory, without the blank line that the buffer puts behind each."""
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """``$VISUAL`` or ``$EDITOR`` as a command, else an editor that is there.

    Raises:
        UsageError: there is none.
    """
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            return shlex.split(environ[name], posix=os.name != "nt")
    for editor in _EDITORS:
        found = shutil.which(editor)
        if found:
            return [found]
    raise UsageError("no editor was found", hint="set EDITOR to one")


def open_file(path: str, line: int | None, environ: Mapping[str, str]) -> None:
    """Open the file in the user's editor, at *line* where the editor can be told one.

    Raises:
        NotFoundError: the file is not there.
        UsageError: the editor cannot be run.
    """
    if not os.path.isfile(path):
        raise NotFoundError(f"there is no file {one_line(path)}")
    command = editor_command(environ)
    try:
        subprocess.call([*command, *_at_line(command[0], path, line)])
    except OSError as error:
        raise UsageError(f"{command[0]} does not start: {error.strerror}") from error


def _at_line(program: str, path: str, line: int | None) -> list[str]:
    """The arguments with which *program* opens *path* at *line*; most take ``+LINE``."""
    name = Path(program).stem.casefold()
    if line is None or name == "notepad":
        return [path]
    if name in _GOTO_EDITORS:
        return ["--goto", f"{path}:{line}"]
    return [f"{path}:{line}"] if name in _COLON_EDITORS else [f"+{line}", path]


def edit_buffer(buffer: str, environ: Mapping[str, str]) -> str:
    """*buffer* after the user's editor had it; the file is private and removed afterwards.

    Raises:
        UsageError: the editor cannot be run, or it failed.
    """
    command = editor_command(environ)
    with tempfile.TemporaryDirectory(prefix="mem0-tui-") as folder:
        path = Path(folder) / "memories.txt"
        path.write_text(buffer, encoding="utf-8", newline="\n")
        path.chmod(0o600)
        try:
            code = subprocess.call([*command, str(path)])
        except OSError as error:
            raise UsageError(f"{command[0]} does not start: {error.strerror}") from error
        if code:
            raise UsageError(f"{command[0]} ended with {code}", hint="nothing was staged")
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise FileFormatError("the edited file cannot be read as UTF-8") from error
