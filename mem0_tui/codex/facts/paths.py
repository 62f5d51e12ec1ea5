"""Where Codex looks: the home folder, CODEX_HOME, the working folder and what lies between."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from mem0_tui.model.record import Record

SYSTEM_CONFIG = "/etc/codex/config.toml"


class Homes(Record):
    """The folders and the environment that one scan looks at; all paths are absolute."""

    home: str
    codex_home: str
    codex_home_from: str
    """``default``, ``CODEX_HOME`` or ``option``."""
    cwd: str
    environ: Mapping[str, str]
    system_config: str = SYSTEM_CONFIG

    @property
    def managed_config(self) -> str:
        """The administrator's settings, which lie over everybody's."""
        return os.path.join(os.path.dirname(self.system_config), "managed_config.toml")

    @property
    def requirements(self) -> str:
        """The administrator's rules, which overrule every setting."""
        return os.path.join(os.path.dirname(self.system_config), "requirements.toml")

    @property
    def config(self) -> str:
        return os.path.join(self.codex_home, "config.toml")

    @property
    def hooks(self) -> str:
        return os.path.join(self.codex_home, "hooks.json")

    @property
    def default_codex_home(self) -> str:
        return os.path.join(self.home, ".codex")

    @property
    def mem0(self) -> str:
        """The folder of Mem0's own settings."""
        return os.path.join(self.home, ".mem0")

    @property
    def elsewhere(self) -> bool:
        """Whether Codex uses another folder than the one Mem0's hook installer writes to."""
        return not same_path(self.codex_home, self.default_codex_home)


def find_homes(
    home: str | os.PathLike[str] | None = None,
    codex_home: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
    system_config: str = SYSTEM_CONFIG,
) -> Homes:
    """Settle the folders: what is given wins, then the environment, then the process.

    Relative paths, *cwd* among them, are meant from the folder of the process, as a shell means
    them; *cwd* is only the folder that Codex is looked at from.
    """
    variables = dict(os.environ if environ is None else environ)
    shell = _process_cwd()
    here = _absolute(os.fspath(cwd) if cwd is not None else shell, shell)
    own = os.fspath(home) if home is not None else variables.get(_HOME, "")
    own = _absolute(own or os.path.expanduser("~"), shell)
    if codex_home is not None:
        place, source = _followed(os.fspath(codex_home), shell), "option"
    elif named := variables.get("CODEX_HOME", ""):
        place, source = _followed(named, shell), "CODEX_HOME"
    else:
        place, source = os.path.join(own, ".codex"), "default"
    return Homes(own, place, source, here, variables, system_config)


def find_up(start: str, markers: tuple[str, ...]) -> str | None:
    """The nearest folder at or above *start* that holds one of *markers*."""
    for folder in upwards(start):
        if any(os.path.lexists(os.path.join(folder, marker)) for marker in markers):
            return folder
    return None


def upwards(start: str) -> Iterator[str]:
    """*start* and every folder above it."""
    while True:
        yield start
        above = os.path.dirname(start)
        if above == start:
            return
        start = above


def between(top: str, bottom: str) -> list[str]:
    """The folders from *top* down to *bottom*, both included."""
    found: list[str] = []
    for folder in upwards(bottom):
        found.append(folder)
        if folder == top:
            return found[::-1]
    return [bottom]


def same_path(one: str, other: str) -> bool:
    """Whether two paths name the same place, links followed."""
    return one == other or real(one) == real(other)


def real(path: str) -> str:
    """*path* with its links followed, as far as that is possible."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def short(path: str, home: str) -> str:
    """*path* as people write it, with ``~`` for *home*."""
    return "~" + path[len(home) :] if path == home or path.startswith(home + os.sep) else path


_HOME = "USERPROFILE" if os.name == "nt" else "HOME"


def _absolute(path: str, base: str) -> str:
    return os.path.normpath(os.path.join(base, os.path.expanduser(path)))


def _followed(path: str, base: str) -> str:
    """A folder that CODEX_HOME names, as Codex names it: its links are followed.

    Those of ``~/.codex`` are not (0.171.0); trust is recorded under the names that come of it.
    """
    return real(os.path.join(base, os.path.expanduser(path)))


def _process_cwd() -> str:
    try:
        return os.getcwd()
    except OSError:  # the folder was removed under the process
        return os.path.expanduser("~")
