"""What only git itself can tell of a repository's configuration and names.

The commands asked here start no program, whatever the configuration says; hooks, the network and
the watcher of the file system are switched off besides (git 2.39).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import NamedTuple

from mem0_tui.git.isolation import OPTIONS, VARIABLES
from mem0_tui.git.place import RepositoryError

_SECONDS = 60
_NAMES = ("PATH", "SYSTEMROOT", "HOME", "USERPROFILE", "XDG_CONFIG_HOME")
_PASSWORD = re.compile(r"(?<=//)[^/@]*@")


class GitIdentity(NamedTuple):
    """Who is named as the author of a commit."""

    name: str
    email: str

    def stamp(self, seconds: int) -> str:
        """As git writes it with a time: *seconds* since 1970."""
        return f"{self.name} <{self.email}> {seconds} +0000"


NOBODY = GitIdentity("mem0-tui", "mem0-tui@localhost")


def git_path() -> str:
    """The program.

    Raises:
        RepositoryError: there is none.
    """
    found = shutil.which("git")
    if found is None:
        raise RepositoryError("there is no git on PATH")
    return found


def environment() -> dict[str, str]:
    """The environment in which git obeys nobody's settings but those it is told of."""
    own = {name: os.environ[name] for name in _NAMES if name in os.environ}
    return {**own, **VARIABLES}


def object_format(git: str) -> str:
    """The hash that names the objects of the repository whose folder *git* is."""
    return _asked(git, "rev-parse", "--show-object-format").strip() or "sha1"


def commit_named(git: str, revision: str) -> str:
    """The id of the commit that *revision* (``HEAD~3``, a branch, an id) names.

    Raises:
        RepositoryError: it names none.
    """
    if revision.startswith("-") or "\0" in revision or "\n" in revision:
        raise RepositoryError(f"{revision!r} names no commit")
    found = _asked(git, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    if not found:
        raise RepositoryError(f"{revision!r} names no commit of it")
    return found


def remotes(git: str) -> tuple[str, ...]:
    """The addresses to which a push of this repository could go, without passwords."""
    said = _asked(git, "config", "--null", "--get-regexp", r"^remote\..*\.(url|pushurl)$")
    values = [each.partition("\n")[2] for each in said.split("\0") if each]
    return tuple(dict.fromkeys(_PASSWORD.sub("", value) for value in values))


def configured() -> tuple[GitIdentity, str]:
    """Who the user is and what a first branch is called, by their own settings of git; what those
    do not say is filled in."""
    found: dict[str, str] = {}
    for scope in ("--system", "--global"):
        said = _run(
            *("config", scope, "--includes", "--null", "--get-regexp"),
            r"^(user\.(name|email)|init\.defaultbranch)$",
            env={name: os.environ[name] for name in _NAMES if name in os.environ},
        )
        pairs = (each.partition("\n") for each in said.split("\0") if each)
        found |= {key.casefold(): _plain(value) for key, _, value in pairs}
    who = GitIdentity(found.get("user.name", ""), found.get("user.email", ""))
    branch = found.get("init.defaultbranch", "")
    fine = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_/-]*[A-Za-z0-9]", branch) and "//" not in branch
    return (who if all(who) else NOBODY), (branch if fine else "main")


def _plain(value: str) -> str:
    return re.sub(r"[<>\x00-\x1f\x7f]", "", value).strip()


def _asked(git: str, *arguments: str) -> str:
    return _run(*OPTIONS, *arguments, env=environment() | {"GIT_DIR": git})


def _run(*arguments: str, env: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            [git_path(), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=env,
            cwd=os.path.abspath(os.sep),
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RepositoryError(f"git cannot be asked: {error}") from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
