"""Whose a session is: the repository's identity, its app, its lanes, and the person."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

_USERS = (
    "PLUGIN_OPTION_USER_ID",
    "CLAUDE_PLUGIN_OPTION_USER_ID",
    "MEM0_CODE_USER_ID",
    "MEM0_USER_ID",
    "MEM0_RESOLVED_USER_ID",
    "USER",
    "USERNAME",
)


@dataclass(frozen=True)
class Repository:
    """A working folder as the plugin sees it."""

    identity: str
    """The normalised URL of origin, or ``local:`` and the root."""
    app: str
    root: str
    directory: str
    """Relative to the root, with slashes; empty at the root."""
    branch: str
    """Empty where no branch is checked out."""
    head: str

    @property
    def local(self) -> bool:
        return self.identity.startswith("local:")

    @property
    def lane(self) -> str:
        """The agent id under which the repository shares its memories."""
        if self.local:
            return f"local-{self.app}-{_short(self.root)}"
        return f"{self.app}-{_short(self.identity)}"

    @property
    def lanes(self) -> tuple[str, ...]:
        """The lane of today and, where there is a remote, that of plugin 0.3.0."""
        return (self.lane,) if self.local else (self.lane, self.app)

    @property
    def folders(self) -> list[str]:
        """Every folder from the top to the session's."""
        parts = [part for part in self.directory.split("/") if part]
        return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def look(folder: str, environ: Mapping[str, str]) -> Repository:
    """The repository that *folder* is in."""
    root = _git(folder, "rev-parse", "--show-toplevel") or os.path.realpath(folder)
    remote = _git(folder, "config", "--get", "remote.origin.url")
    inside = os.path.relpath(os.path.realpath(folder), os.path.realpath(root))
    return Repository(
        identity=normalised(remote) if remote else f"local:{os.path.realpath(root)}",
        app=_app(folder, root, remote, environ),
        root=os.path.realpath(root),
        directory="" if inside == "." else inside.replace(os.sep, "/"),
        branch=_git(folder, "symbolic-ref", "--short", "-q", "HEAD"),
        head=_git(folder, "rev-parse", "-q", "--verify", "HEAD"),
    )


def user_of(environ: Mapping[str, str]) -> str:
    """The person; a name of stars only is none."""
    named = (environ.get(name, "").strip() for name in _USERS)
    return next((name for name in named if name.strip("*")), "default")


def normalised(remote: str) -> str:
    """*remote* as it is hashed: https for git's short form, no user, no ``.git``, no last slash."""
    url = remote.strip().rstrip("/").removesuffix(".git")
    if short := re.fullmatch(r"git@([^:/]+):(.+)", url):
        url = f"https://{short[1]}/{short[2]}"
    parts = urlsplit(url)
    if parts.hostname:
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        url = urlunsplit(parts._replace(netloc=host))
    return url.rstrip("/")


def _app(folder: str, root: str, remote: str, environ: Mapping[str, str]) -> str:
    if named := environ.get("MEM0_PROJECT_ID", "").strip():
        return named
    places = [folder, root]
    if remote:
        places.append("remote:" + hashlib.sha256(remote.encode()).hexdigest()[:16])
    known = _project_map(environ)
    for place in places:
        if mapped := known.get(place):
            return mapped
    names = [part for part in re.split(r"[/:]", normalised(remote)) if part]
    return "-".join(names[-2:]) if remote else os.path.basename(root)


def _project_map(environ: Mapping[str, str]) -> dict[str, str]:
    """Apps by folder or remote, as plugin 0.2 left them."""
    file = Path(environ.get("HOME", "~")).expanduser() / ".mem0/project_map.json"
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()}


def _git(folder: str, *words: str) -> str:
    try:
        done = subprocess.run(
            ("git", "-C", folder, *words), capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
