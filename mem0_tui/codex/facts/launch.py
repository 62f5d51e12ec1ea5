"""Whether the system would start the program of a stdio MCP server, as Codex starts it.

Codex hands `command` to the system as it stands: no shell, no ``~``, no ``${VARIABLE}``, no
splitting at blanks. The program is looked for from the working folder of the server, which is
`cwd` or the session's folder (Codex 0.171.0).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from mem0_tui.codex.facts.servers import McpServer
from mem0_tui.codex.facts.versions import which
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.files.text_file import FileState, read_bytes
from mem0_tui.model.record import Record

_HEAD = 256
_LITERAL = re.compile(r"\$\{\w+\}|\$[A-Za-z_]\w*")


class LaunchFault(Record):
    """Why a stdio server does not start."""

    key: str
    """The key of the server's table that is wrong: ``command`` or ``cwd``."""
    title: str
    detail: str
    step: str
    """What the user can do about it."""


def launch_fault(
    server: McpServer, environ: Mapping[str, str], session: str, root: str | None
) -> LaunchFault | None:
    """Why the system does not start the command of *server*, None where it does.

    Args:
        server: a server with a command.
        environ: the environment of Codex.
        session: the folder that Codex is started in.
        root: the plugin's folder, for a plugin's server.
    """
    command = server.command or ""
    folder, named = _folder(server, session, root)
    if named is not None and not os.path.isdir(folder):
        detail = f"{folder} does not exist; Codex starts no program without its folder"
        if named.startswith(("~", "$")):
            detail = f"{named!r} is taken as it stands: Codex expands neither ~ nor $VARIABLE in it"
        step = "create the folder, or correct cwd"
        return LaunchFault("cwd", "the server's working folder is not there", detail, step)
    path = _find(command, _search_path(server, environ), folder)
    if path is None:
        return _not_found(command, folder)
    return _not_runnable(command, path)


def literal_variables(server: McpServer) -> dict[str, str]:
    """Variables of `env` whose value is a ``${VARIABLE}`` that Codex passes on as it stands."""
    values = {name: text(value) or "" for name, value in table(server.data.get("env")).items()}
    return {name: value for name, value in values.items() if _LITERAL.fullmatch(value.strip())}


def _folder(server: McpServer, session: str, root: str | None) -> tuple[str, str | None]:
    """The working folder, and `cwd` as it is written.

    A relative `cwd` of a plugin is meant from the plugin's folder.
    """
    named = text(server.data.get("cwd"))
    if named is None:
        return session, None
    return os.path.normpath(os.path.join(root or session, named)), named


def _search_path(server: McpServer, environ: Mapping[str, str]) -> str:
    own = text(table(server.data.get("env")).get("PATH"))
    return environ.get("PATH", "") if own is None else own


def _find(command: str, search_path: str, folder: str) -> str | None:
    if "/" in command or os.sep in command:
        path = os.path.join(folder, command)
        return path if os.path.exists(path) else None
    names = (f"{command}.exe", f"{command}.cmd", command) if os.name == "nt" else (command,)
    places = (os.path.join(folder, place) for place in search_path.split(os.pathsep) if place)
    return which(names, {"PATH": os.pathsep.join(places)}) if command else None


def _not_found(command: str, folder: str) -> LaunchFault:
    title = f"the program {command!r} is not there"
    if not command.strip():
        step = "write the program into command"
        return LaunchFault("command", "the server's command is empty", "", step)
    if command.startswith("~"):
        step = "write the full path of the program into command"
        detail = "Codex does not expand ~ in command; only a shell does"
        return LaunchFault("command", title, detail, step)
    if "$" in command:
        step = "write the full path of the program into command"
        return LaunchFault("command", title, "Codex expands no $VARIABLE in command", step)
    words = _words(command)
    if len(words) > 1:
        given = ", ".join(f'"{word}"' for word in words[1:])
        step = f'write command = "{words[0]}" and args = [{given}]'
        detail = "command is the program alone; Codex does not split it at blanks"
        return LaunchFault("command", title, detail, step)
    if "/" in command:
        full = os.path.join(folder, command)
        step = "correct the path, or install the program"
        detail = f"{full} does not exist" if full != command else "the path does not exist"
        return LaunchFault("command", title, detail, step)
    title = f"the program {command!r} is not on PATH"
    return LaunchFault("command", title, "", f"install {command}, or write its full path")


def _not_runnable(command: str, path: str) -> LaunchFault | None:
    title = f"the program {command!r} cannot be run"
    if os.path.isdir(path):
        step = "write the path of a program into command"
        return LaunchFault("command", title, f"{path} is a folder", step)
    if not os.access(path, os.X_OK):
        step = f"make it executable: chmod +x {path}"
        return LaunchFault("command", title, f"{path} is not executable", step)
    if os.name == "nt":
        return None
    head, state = read_bytes(path, _HEAD, whole=False)
    if state is not FileState.OK:
        return None
    step = "correct the first line of the program"
    if not head.startswith(b"#!"):
        if not head or b"\0" in head or not head.isascii():
            return None
        detail = f"{path} is a text without a first line #!…, which the system does not start"
        return LaunchFault("command", title, detail, step)
    line = head[2:].split(b"\n")[0].strip(b" \t").decode("utf-8", "replace")
    interpreter = re.split(r"[ \t]", line)[0]
    if os.path.isabs(interpreter) and not os.path.exists(interpreter):
        detail = f"its first line names {interpreter!r}, which is not there"
        return LaunchFault("command", title, detail, step)
    return None


def _words(command: str) -> list[str]:
    import shlex

    try:
        return shlex.split(command)
    except ValueError:
        return command.split()
