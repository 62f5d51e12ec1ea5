"""The history of what is checked out: each commit, and what became of each path, in one pass.

Twenty thousand commits take about 10 MB: each path once, and an event as 13 bytes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from mem0_tui.git.place import RepositoryError
from mem0_tui.git.program import GitProgram

ADDED, CHANGED, DELETED, RENAMED = b"AMDR"
_FORMAT = "--format=%x01%H %ct %P"
_OPTIONS = ("--topo-order", "-z", "--name-status", "--no-rename-empty")
_LIKE = 70
"""Per cent of a file that must be the same for it to have moved, where its name is another."""
LATEST = 253_402_300_799
"""The last second of the year 9999: a commit may claim any time."""
_MOST = 300_000
"""Commits that are read at most, so that the memory that it takes has a bound."""
_GROUP = 256
"""Commits that are followed down the history together, one bit each."""


class PathEvent(NamedTuple):
    """What one commit did to one path."""

    commit: int
    """Number of the commit."""
    kind: int
    """One of :data:`ADDED`, :data:`CHANGED`, :data:`DELETED`, :data:`RENAMED`."""
    path: str
    """Of a move, the one that is no more."""
    target: str | None
    """The path that it was moved to."""


class History:
    """Commits are numbers from 0, the newest, such that no parent comes before its child."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        """By commit, its id in hex."""
        self.paths: list[str] = []
        """Every path that there ever was."""
        self.partial = False
        """Whether contents of files are missing, as in a partial clone."""
        self._times = array("q")
        self._parents: list[tuple[int, ...]] = []
        self._line: list[tuple[int, int]] = []
        """Time and number of the commits of the main line, oldest first."""
        self._by_time: list[tuple[int, int]] = []
        self._sorted: list[tuple[str, int]] = []
        self._commits, self._paths, self._targets = array("i"), array("i"), array("i")
        self._kinds = bytearray()

    # -- commits

    def find(self, prefix: str) -> int | None:
        """The commit whose id begins with *prefix*; None where there is none, or several."""
        at = bisect_left(self._sorted, (prefix, -1))
        found = [n for id_, n in self._sorted[at : at + 2] if id_.startswith(prefix)]
        return found[0] if len(found) == 1 else None

    def at(self, moment: datetime) -> tuple[int, ...]:
        """What may have been checked out at *moment*: the newest commit of the main line by then,
        and the newest of all."""
        key = (int(moment.timestamp()), len(self.ids))
        found = []
        for line in (self._line, self._by_time):
            place = bisect_right(line, key)
            if place:
                found.append(line[place - 1][1])
        return tuple(dict.fromkeys(found))

    def moment(self, commit: int) -> datetime:
        """When *commit* was made, in UTC."""
        return datetime.fromtimestamp(self._times[commit], UTC)

    def parents(self, commit: int) -> tuple[int, ...]:
        """The parents of *commit*, the first of them on the line that it was made on."""
        return self._parents[commit]

    def reached(self, commits: Collection[int]) -> Ancestry:
        """What each of *commits* has in its history."""
        wanted = sorted(set(commits))
        masks: list[tuple[dict[int, int], list[int]]] = []
        for start in range(0, len(wanted), _GROUP):
            bits = {commit: bit for bit, commit in enumerate(wanted[start : start + _GROUP])}
            masks.append((bits, self._masks(bits)))
        return Ancestry(masks)

    def _masks(self, bits: dict[int, int]) -> list[int]:
        mask = [0] * len(self.ids)
        for commit, bit in bits.items():
            mask[commit] |= 1 << bit
        for commit in range(min(bits), len(mask)):
            if own := mask[commit]:
                for parent in self._parents[commit]:
                    mask[parent] |= own
        return mask

    # -- paths

    def events(self, wanted: Collection[str], kinds: bytes) -> dict[str, list[PathEvent]]:
        """The events of these *kinds* of the paths *wanted*, newest first, by path."""
        there = {number for number, path in enumerate(self.paths) if path in wanted}
        found: dict[str, list[PathEvent]] = {}
        chosen = frozenset(kinds)
        for at, number in enumerate(self._paths):
            if number in there and self._kinds[at] in chosen:
                event = self._event(at)
                found.setdefault(event.path, []).append(event)
        return found

    def existed(self, asked: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        """Those pairs of commit and file of which the file was there in the commit, as far as what
        became of it tells: for where the contents are missing that git itself would look for."""
        events = self.events({path for _, path in asked}, bytes((ADDED, CHANGED, DELETED, RENAMED)))
        ancestry = self.reached([commit for commit, _ in asked])
        found = set()
        for commit, path in asked:
            earlier = ancestry.of(commit)
            last = next((each for each in events.get(path, ()) if earlier(each.commit)), None)
            if last is not None and last.kind in (ADDED, CHANGED):
                found.add((commit, path))
        return found

    def endings(self) -> Iterator[PathEvent]:
        """All events after which a path is no more, newest first."""
        for at, kind in enumerate(self._kinds):
            if kind in (DELETED, RENAMED):
                yield self._event(at)

    def merge_endings(self, git: GitProgram) -> Iterator[PathEvent]:
        """The same for what merges did to the line that they were made on: a file may be moved or
        dropped in a merge alone.

        Raises:
            RepositoryError: git fails, or takes too long.
        """
        reading = _Reading(array("i"), bytearray(), array("i"), array("i"))
        for _ in reading.read(git, "-M", "--merges", "-m", "--first-parent"):
            pass
        commits, kinds, paths, targets = reading.columns
        names = [path.decode("utf-8", "surrogateescape") for path in reading.numbers]
        for at, kind in enumerate(kinds):
            commit = self.find(reading.ids[commits[at]].decode())
            if kind in (DELETED, RENAMED) and commit is not None:
                target = names[targets[at]] if targets[at] >= 0 else None
                yield PathEvent(commit, kind, names[paths[at]], target)

    def _event(self, at: int) -> PathEvent:
        target = self._targets[at]
        return PathEvent(
            self._commits[at],
            self._kinds[at],
            self.paths[self._paths[at]],
            self.paths[target] if target >= 0 else None,
        )

    # -- reading

    def read(self, git: GitProgram) -> Generator[None, None, None]:
        """Read all of it, once, yielding after each piece.

        Where contents of files are missing (a partial clone), only moves of unchanged files are
        found.

        Raises:
            RepositoryError: git fails, or takes too long.
        """
        reading = _Reading(self._commits, self._kinds, self._paths, self._targets)
        try:
            yield from reading.read(git, "-M")
        except RepositoryError as error:
            if "git log failed" not in str(error):
                raise
            self.partial = True
            reading.clear()
            yield from reading.read(git, "-M100%")
        self.ids = [id_.decode() for id_ in reading.ids]
        self._times = reading.times
        self.paths = [path.decode("utf-8", "surrogateescape") for path in reading.numbers]
        yield
        numbers = {id_: number for number, id_ in enumerate(reading.ids)}
        self._parents = [
            tuple(numbers[id_] for id_ in parents if id_ in numbers) for parents in reading.parents
        ]
        self._sorted = sorted((id_, number) for number, id_ in enumerate(self.ids))
        self._by_time = sorted((time, -number) for number, time in enumerate(self._times))
        self._by_time = [(time, -number) for time, number in self._by_time]
        commit: int | None = 0 if self.ids else None
        while commit is not None:
            self._line.append((self._times[commit], commit))
            commit = next(iter(self._parents[commit]), None)
        self._line.reverse()
        self._line.sort(key=lambda pair: pair[0])


class Ancestry:
    """Which commits are in whose history."""

    def __init__(self, masks: Sequence[tuple[dict[int, int], list[int]]]) -> None:
        self._masks = masks

    def of(self, commit: int) -> Callable[[int], bool]:
        """Tells of a commit whether it is in the history of *commit*, one of those asked about."""
        bits, mask = next(each for each in self._masks if commit in each[0])
        bit = bits[commit]
        return lambda earlier: bool(mask[earlier] >> bit & 1)


class _Reading:
    """What ``git log`` prints, taken apart token by token."""

    def __init__(
        self, commits: array[int], kinds: bytearray, paths: array[int], targets: array[int]
    ) -> None:
        self.numbers: dict[bytes, int] = {}
        self.ids: list[bytes] = []
        self.times = array("q")
        self.parents: list[list[bytes]] = []
        self.columns = commits, kinds, paths, targets

    def clear(self) -> None:
        """Forget all that was read."""
        commits, kinds, paths, targets = self.columns
        for column in (commits, paths, targets):
            del column[:]
        kinds.clear()
        self.numbers.clear()
        self.ids.clear()
        self.parents.clear()
        del self.times[:]

    def read(self, git: GitProgram, *options: str) -> Generator[None, None, None]:
        """Read what git tells of all commits, yielding after each piece."""
        commits, kinds, paths, targets = self.columns
        numbers = self.numbers
        rest, old = b"", b""
        kind, wanted, commit, like = 0, 0, -1, 0
        for piece in git.log(*_OPTIONS, *options, _FORMAT, git.repository.head, "--"):
            tokens = (rest + piece).split(b"\0")
            rest = tokens.pop()
            for token in tokens:
                if wanted == 2:
                    old, wanted = token, 1
                elif wanted:
                    wanted = 0
                    if kind == RENAMED:
                        self._moved(commit, old, token, like)
                        continue
                    commits.append(commit)
                    kinds.append(kind)
                    paths.append(numbers.setdefault(token, len(numbers)))
                    targets.append(-1)
                else:
                    status = token[1:] if token[:1] == b"\n" else token
                    if status[:1] == b"\1":
                        commit = self._commit(status)
                        continue
                    kind = status[0] if status else CHANGED
                    wanted = 1
                    if kind == RENAMED:
                        wanted, like = 2, int(status[1:])
                    elif kind not in (ADDED, DELETED):
                        kind = CHANGED
            yield

    def _commit(self, header: bytes) -> int:
        id_, time, parents = header[1:].split(b" ", 2)
        self.ids.append(id_)
        self.times.append(min(max(int(time or 0), 0), LATEST))  # git says nothing of a broken one
        if len(self.ids) > _MOST:
            raise RepositoryError(f"it has more than {_MOST:,} commits")
        self.parents.append(parents.split())
        return len(self.ids) - 1

    def _moved(self, commit: int, old: bytes, new: bytes, like: int) -> None:
        numbers = self.numbers
        first = numbers.setdefault(old, len(numbers))
        second = numbers.setdefault(new, len(numbers))
        same = like >= _LIKE or old.rpartition(b"/")[2] == new.rpartition(b"/")[2]
        commits, kinds, paths, targets = self.columns
        commits.extend((commit, commit))
        kinds.extend((RENAMED if same else DELETED, ADDED))
        paths.extend((first, second))
        targets.extend((second if same else -1, -1))
