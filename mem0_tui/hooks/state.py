"""What a hook knows of its session from earlier events: one small private file a session, and one
for each of its subagents.

Only one process at a time holds a session, so that hooks installed twice still act once.
"""

from __future__ import annotations

import os
from time import monotonic, sleep, time_ns

from mem0_tui.hooks.document import dumps, loads

_KEPT_DAYS = 30
_STALE = 10
"""Seconds after which a lock is taken for a left-over."""


_held: set[str] = set()
"""Locks that this process has."""


class BusyError(Exception):
    """Another process handles this session and did not end in time."""


class Known:
    """A table of what is known, which may hold what JSON can."""

    __slots__ = ("known",)

    def __init__(self, known: dict[str, object]) -> None:
        self.known = known

    def text(self, key: str) -> str:
        """The text at *key*, empty where there is none."""
        value = self.known.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """The whole number at *key*, 0 where there is none."""
        value = self.known.get(key)
        return value if isinstance(value, int) else 0

    def texts(self, key: str) -> list[str]:
        """The list of texts at *key*; a change of it changes this."""
        value = self.known.get(key)
        if not isinstance(value, list):
            value = self.known[key] = []
        return value

    def table(self, key: str) -> dict[str, object]:
        """The table at *key*; a change of it changes this."""
        value = self.known.get(key)
        if not isinstance(value, dict):
            value = self.known[key] = {}
        return value

    def inner(self, key: str) -> Known:
        """The table at *key*, to be asked in the same way."""
        return Known(self.table(key))


class SessionState(Known):
    """What is known of one session, locked against other processes while it is open.

    With *agent* it is what is known of that subagent of the session. It is written down when the
    session is left without an error.
    """

    __slots__ = ("_deadline", "_folder", "_lock", "_path", "name")

    def __init__(self, folder: str, name: str, deadline: float, agent: str = "") -> None:
        super().__init__({})
        self._folder = folder
        self.name = _file_name(name)
        """The session's id, as far as it can be part of a file's name."""
        file = f"{self.name}.{_file_name(agent)}" if agent else self.name
        self._path = os.path.join(folder, f"{file}.json")
        self._lock = f"{self._path}.lock"
        self._deadline = deadline

    def __enter__(self) -> SessionState:
        """Take the lock and read what is known.

        Raises:
            BusyError: another process holds the lock until the deadline.
        """
        os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
        while not _locked(self._lock):
            if monotonic() >= self._deadline:
                raise BusyError("another hook holds this session")
            sleep(0.01)
        _held.add(self._lock)
        self.known = _current(_read(self._path))
        return self

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        try:
            if kind is None:
                self.save()
        finally:
            release()

    def agents(self) -> list[Known]:
        """What is known of the session's subagents."""
        try:
            names = sorted(os.listdir(self._folder))
        except OSError:
            return []
        own = (n for n in names if n.startswith(f"{self.name}.") and n.endswith(".json"))
        return [
            Known(_read(os.path.join(self._folder, name))) for name in own if name.count(".") == 2
        ]

    def other(self, name: str) -> Known:
        """What is known of another session; changes of it are not kept."""
        return Known(_current(_read(os.path.join(self._folder, f"{_file_name(name)}.json"))))

    def save(self) -> None:
        """Write it down, whole or not at all."""
        beside = f"{self._path}.{os.getpid()}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(dumps(self.known))
        os.replace(beside, self._path)


def release() -> None:
    """Remove the locks of this process, so that the next hook need not wait for them."""
    while _held:
        _remove(_held.pop())


def tidy(folder: str) -> None:
    """Remove what is known of sessions that nobody touched for a month."""
    oldest = time_ns() / 1e9 - _KEPT_DAYS * 86400
    try:
        with os.scandir(folder) as entries:
            old = [e.path for e in entries if ".json" in e.name and e.stat().st_mtime < oldest]
    except OSError:
        return
    for path in old:
        _remove(path)


def _locked(lock: str) -> bool:
    try:
        os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except (FileExistsError, PermissionError):  # Windows says the latter while it is deleted
        if _age(lock) > _STALE:
            _remove(lock)
        return False
    return True


def _age(path: str) -> float:
    """Seconds since *path* was written, 0 where it is gone."""
    try:
        return time_ns() / 1e9 - os.stat(path).st_mtime
    except OSError:
        return 0


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _read(path: str) -> dict[str, object]:
    try:
        with open(path, encoding="utf-8") as file:
            known = loads(file.read())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


_ONE_ROLLOUT = ("offset", "goal", "prompts", "files", "calls", "said")
"""What was kept for a session as if all of it came from one rollout file."""


def _current(known: dict[str, object]) -> dict[str, object]:
    """*known* in the form of today.

    Version 0.1.0 kept one offset and applied it to whichever rollout came next, so what it noted
    may be of another task: its rollouts are read again from their start.
    """
    if "offset" in known:
        for key in _ONE_ROLLOUT:
            known.pop(key, None)
    shown = known.get("shown")
    if isinstance(shown, list):
        known["shown"] = {"": shown}
    return known


def _file_name(name: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in name)
    return kept[:80] or "unnamed"
