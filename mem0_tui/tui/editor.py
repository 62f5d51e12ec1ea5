"""The user's own editor: files opened in it, and texts that come back from it, or are kept."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mem0_tui.model.errors import FileFormatError, NoEditorError, NotFoundError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import from_editable, one_line, to_editable
from mem0_tui.tui.buffer import from_buffer, to_buffer, with_reason

_EDITORS = ("nano", "vim", "vi", "notepad")
_GOTO_EDITORS = ("code", "code-insiders", "codium", "cursor", "windsurf")
_COLON_EDITORS = ("hx", "helix", "subl", "zed")


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """``$VISUAL`` or ``$EDITOR`` as a command, else an editor that is there.

    Raises:
        NoEditorError: there is none, or the variable does not parse.
    """
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                return shlex.split(environ[name], posix=os.name != "nt")
            except ValueError as error:
                reason = str(error)[:1].lower() + str(error)[1:]
                raise NoEditorError(
                    f"{name} is not a command: {reason}", hint=f"mend {name}"
                ) from None
    for editor in _EDITORS:
        found = shutil.which(editor)
        if found:
            return [found]
    raise NoEditorError("no editor was found", hint="set EDITOR to one")


def open_file(path: str, line: int | None, environ: Mapping[str, str]) -> None:
    """Open the file in the user's editor, at *line* where the editor can be told one.

    Raises:
        NotFoundError: the file is not there.
        NoEditorError: the editor cannot be run.
    """
    if not os.path.isfile(path):
        raise NotFoundError(f"there is no file {one_line(path)}")
    command = editor_command(environ)
    try:
        subprocess.call([*command, *_at_line(command[0], path, line)])
    except OSError as error:
        raise NoEditorError(f"{command[0]} does not start: {error.strerror}") from error


def _at_line(program: str, path: str, line: int | None) -> list[str]:
    """The arguments with which *program* opens *path* at *line*; most take ``+LINE``."""
    name = Path(program).stem.casefold()
    if line is None or name == "notepad":
        return [path]
    if name in _GOTO_EDITORS:
        return ["--goto", f"{path}:{line}"]
    return [f"{path}:{line}"] if name in _COLON_EDITORS else [f"+{line}", path]


class EditorError(UsageError):
    """The editor cannot be run, it failed, or the user gave up. Nothing was staged."""

    title = "Nothing was staged"

    def __init__(self, message: str, kept: Path | None = None) -> None:
        hint = f"what you typed is kept in {kept}" if kept else "nothing was typed"
        super().__init__(message, hint=hint)
        self.kept = kept
        """The file that holds what was typed."""


def edit_texts(memories: Sequence[Memory], environ: Mapping[str, str]) -> Mapping[str, str]:
    """The texts of *memories* that were changed in the user's editor, by memory id.

    A text that cannot be read back is opened again with the reason at its top, as ``crontab -e``
    does. Where the user then leaves it as it is, or empty, what was typed is kept in a file.

    Raises:
        UsageError: there is no editor, it cannot be run, it failed, or the user gave up.
    """
    given, typed, reason = to_buffer(memories), "", ""
    while True:
        try:
            edited = edit_buffer(given, environ)
        except EditorError as error:
            raise EditorError(error.message, error.kept or _keep(typed)) from error
        if typed and (edited == given or not edited.strip()):
            raise EditorError(reason, _keep(typed))
        if not edited.strip():
            return {}
        try:
            return from_buffer(edited, memories)
        except FileFormatError as error:
            typed, reason, given = edited, error.message, with_reason(edited, error)


def edit_text(text: str, environ: Mapping[str, str]) -> str:
    """*text* as it is after the user's editor, with every hidden character spelled out in it.

    Raises:
        UsageError: there is no editor, it cannot be run, it failed, or left what is no UTF-8. What
            was typed is kept in a file then.
    """
    edited = edit_buffer(f"{to_editable(text)}\n", environ)
    try:
        edited.encode()
    except UnicodeEncodeError:
        raise EditorError("it is not valid UTF-8", keep(edited)) from None
    return from_editable(edited.removesuffix("\n"))


def edit_buffer(buffer: str, environ: Mapping[str, str]) -> str:
    """*buffer* after the user's editor had it. Bytes that are no UTF-8 come as lone surrogates.

    The file is private. It is removed once it has been read, and kept where that does not come to
    pass and the editor has changed it.

    Raises:
        UsageError: there is no editor, it cannot be run, or it failed.
    """
    command = editor_command(environ)
    path = keep(buffer)
    try:
        code = subprocess.call([*command, str(path)])
        edited = _read(path)
    except OSError as error:
        kept = _remove_unless_changed(path, buffer)
        raise EditorError(f"{command[0]} does not start: {error.strerror}", kept) from error
    except BaseException:
        _remove_unless_changed(path, buffer)
        raise
    if code or edited is None:
        kept = _remove_unless_changed(path, buffer)
        what = f"ended with {code}" if code else "left no file behind"
        raise EditorError(f"{command[0]} {what}", kept)
    shutil.rmtree(path.parent, ignore_errors=True)
    return edited


def keep(text: str) -> Path:
    """Write *text* into a new private file, alone in a private folder.

    Raises:
        OSError: it cannot be written.
    """
    path = Path(tempfile.mkdtemp(prefix="mem0-tui-")) / "memories.txt"
    path.touch(mode=0o600)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    except FileNotFoundError:
        return None


def _remove_unless_changed(path: Path, buffer: str) -> Path | None:
    """Remove the file with its folder, unless it holds something else than *buffer* by now."""
    if _read(path) in (None, buffer):
        shutil.rmtree(path.parent, ignore_errors=True)
        return None
    return path


def _keep(typed: str) -> Path | None:
    return keep(typed) if typed else None
