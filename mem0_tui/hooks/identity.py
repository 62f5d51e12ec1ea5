"""Whose memories these are: the user, and the app (project) of the working folder.

The rules are those of Mem0's own Codex plugin, so that both see the same memories; git is read from
its files, for starting a program would take longer than the whole hook.
"""

from __future__ import annotations

import os

from mem0_tui.hooks.document import loads
from mem0_tui.hooks.places import home


class HookIdentity:
    """The ids under which memories are found and stored."""

    __slots__ = ("app", "branch", "user")

    def __init__(self, user: str, app: str, branch: str) -> None:
        self.user = user
        self.app = app
        self.branch = branch
        """The branch that is checked out, empty where there is none."""


def find_identity(environ: dict[str, str], cwd: str) -> HookIdentity:
    """The ids for a session in the folder *cwd*."""
    user = environ.get("MEM0_USER_ID", "").strip() or environ.get("USER", "") or "default"
    folder = _git_folder(cwd)
    return HookIdentity(user, _app(environ, cwd, folder), _branch(folder))


def slug_of(url: str) -> str:
    """``owner-repo`` of the URL of a git remote."""
    slug = url.strip().removesuffix(".git")
    for scheme in ("https://", "http://", "ssh://", "git://"):
        slug = slug.removeprefix(scheme)
    parts = [part for part in slug.removeprefix("git@").replace(":", "/", 1).split("/") if part]
    return "-".join(parts[-2:]).replace(":", "-")


def _app(environ: dict[str, str], cwd: str, git: str) -> str:
    if explicit := environ.get("MEM0_PROJECT_ID", "").strip():
        return explicit
    remote = _remote(git)
    return _mapped(environ, cwd, remote) or slug_of(remote) or os.path.basename(cwd) or "unknown"


def _mapped(environ: dict[str, str], cwd: str, remote: str) -> str:
    """What the user's own map says, by folder or by remote."""
    text = _read(os.path.join(home(environ), ".mem0", "project_map.json"))
    try:
        known = loads(text) if text else {}
    except ValueError:
        return ""
    if not isinstance(known, dict) or not known:
        return ""
    import hashlib

    keys = [cwd]
    if remote:
        keys.append("remote:" + hashlib.sha256(remote.encode()).hexdigest()[:16])
    found = (known.get(key) for key in keys)
    return next((name.strip() for name in found if isinstance(name, str) and name.strip()), "")


def _git_folder(cwd: str) -> str:
    """git's own folder for *cwd*, empty outside of a repository."""
    at = os.path.abspath(cwd) if cwd else ""
    while at:
        found = os.path.join(at, ".git")
        if os.path.isdir(found):
            return found
        if os.path.isfile(found):
            pointer = _read(found)
            inner = pointer.removeprefix("gitdir:").strip()
            return os.path.normpath(os.path.join(at, inner)) if inner != pointer else found
        above = os.path.dirname(at)
        at = "" if above == at else above
    return ""


def _remote(git: str) -> str:
    """The URL of the remote ``origin``."""
    if not git:
        return ""
    common = _read(os.path.join(git, "commondir")).strip()
    folder = os.path.normpath(os.path.join(git, common)) if common else git
    inside = False
    for line in _read(os.path.join(folder, "config")).splitlines():
        line = line.strip()
        if line.startswith("["):
            name, _, rest = line[1:].partition("]")[0].partition(" ")
            inside = name.strip().lower() == "remote" and rest.strip() == '"origin"'
        elif inside and line.partition("=")[0].strip() == "url":
            return line.partition("=")[2].strip()
    return ""


def _branch(git: str) -> str:
    head = _read(os.path.join(git, "HEAD")).strip() if git else ""
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20)
    except (OSError, ValueError):
        return ""
