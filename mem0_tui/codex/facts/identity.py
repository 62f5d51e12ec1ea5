"""Who Mem0's Codex plugin takes the user and the project to be, as its hooks resolve them."""

from __future__ import annotations

import os
import re

from mem0_tui.codex.facts.paths import Homes, find_up
from mem0_tui.codex.facts.versions import which
from mem0_tui.codex.files.json_doc import load_json
from mem0_tui.codex.files.sha256 import sha256
from mem0_tui.codex.files.spot import Problem, Spot, text
from mem0_tui.codex.files.text_file import read
from mem0_tui.model.record import Record

_SECTION = re.compile(r'^\s*\[\s*(\w+)(?:\s+"([^"]*)")?\s*\]')
_URL = re.compile(r"^\s*url\s*=\s*(\S.*?)\s*$")
_PROTOCOL = re.compile(r"^(?:https?|ssh|git)://")


class Identity(Record):
    """The ids under which the hooks store memories."""

    user: str
    user_from: str
    app: str
    app_from: str
    app_spot: Spot | None
    problems: tuple[Problem, ...]
    """Files of Mem0's own that do not parse; Mem0 then silently takes its defaults."""


def read_identity(homes: Homes) -> Identity:
    """Resolve user and project for the working folder."""
    problems: list[Problem] = []
    user, user_from = _user(homes)
    app, app_from, spot = _app(homes, problems)
    settings = load_json(os.path.join(homes.mem0, "settings.json"))
    if settings.problem is not None:
        problems.append(settings.problem)
    return Identity(user, user_from, app, app_from, spot, tuple(problems))


def _user(homes: Homes) -> tuple[str, str]:
    if explicit := homes.environ.get("MEM0_USER_ID", "").strip():
        return explicit, "MEM0_USER_ID"
    if system := homes.environ.get("USER", ""):
        return system, "USER"
    return "default", "default"


def _app(homes: Homes, problems: list[Problem]) -> tuple[str, str, Spot | None]:
    if explicit := homes.environ.get("MEM0_PROJECT_ID", "").strip():
        return explicit, "MEM0_PROJECT_ID", None
    remote = origin_of(homes.cwd)
    mapping = load_json(os.path.join(homes.mem0, "project_map.json"))
    if mapping.problem is not None:
        problems.append(mapping.problem)
    for key in (homes.cwd, _remote_key(remote)):
        if key and (mapped := (text(mapping.table.get(key)) or "").strip()):
            return mapped, "project map", mapping.spot(key)
    if remote is not None and (slug := slug_of(remote[0])):
        return slug, "git remote", remote[1]
    return os.path.basename(homes.cwd) or "unknown", "folder name", None


def _remote_key(remote: tuple[str, Spot] | None) -> str | None:
    if remote is None:
        return None
    return f"remote:{sha256(remote[0].encode()).hexdigest()[:16]}"


def origin_of(cwd: str) -> tuple[str, Spot] | None:
    """The URL of the remote ``origin``, read from git's own file."""
    root = find_up(cwd, (".git",))
    if root is None:
        return None
    folder = os.path.join(root, ".git")
    pointer = read(folder, 1 << 14).text
    if pointer.startswith("gitdir:"):
        folder = os.path.normpath(os.path.join(root, pointer[7:].strip()))
        common = read(os.path.join(folder, "commondir"), 1 << 12).text.strip()
        folder = os.path.normpath(os.path.join(folder, common)) if common else folder
    path = os.path.join(folder, "config")
    inside = False
    for number, line in enumerate(read(path).text.splitlines(), 1):
        if section := _SECTION.match(line):
            inside = section[1].lower() == "remote" and section[2] == "origin"
        elif inside and (found := _URL.match(line)):
            return found[1], Spot(path, number)
    return None


def slug_of(url: str) -> str:
    """``owner-repo`` of a git remote's URL, as Mem0's scripts make it."""
    slug = _PROTOCOL.sub("", url.strip().removesuffix(".git")).removeprefix("git@")
    parts = [part for part in slug.replace(":", "/", 1).split("/") if part]
    return "-".join(parts[-2:]).replace(":", "-")


def missing_tools(homes: Homes) -> list[str]:
    """Programs that the hook scripts call and that are not on PATH."""
    return [
        name for name in ("python3", "bash", "jq", "git") if which((name,), homes.environ) is None
    ]
