"""Functions, classes and constants that a memory names beside the file that defined them.

One is gone only if that file defined it when the memory was made, and if no file has such a word
any more. Words that are merely used come and go too often to tell anything.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from mem0_tui.evidence.repository.history import CHANGED, DELETED, RENAMED, History, PathEvent
from mem0_tui.evidence.staleness.assessed import Assessed, Freshness, unverifiable
from mem0_tui.evidence.staleness.reference import Reference
from mem0_tui.git.objects import Tree, contents
from mem0_tui.git.program import GitProgram

MOST_FILES = 4
"""Files of one memory in which a symbol is looked for."""
_HOPS = 8
_VERSIONS = 200
"""Versions of a file that are looked at to find the commit; the rest is not told."""
_LOOKED_AT = 20_000
"""Versions in all."""
_BYTES = 1 << 20
"""Of a file that is looked into at most."""
_WORDS = re.compile(rb"[A-Za-z_]\w{3,}")
_DEFINED = (
    rb"(?:\b(?:def|class|function\*?|func|fn|struct|enum|trait|interface|type|const|let|var|module"
    rb"|macro|impl|record|object|val)\s+(?:\([^)\n]{0,80}\)\s*)?%s\b)"
    rb"|(?m:^[ \t]*%s[ \t]*(?::[^=\n]{0,80})?=[^=])"
)
_NO_WORDS = (
    ".png", ".jpg", ".jpeg", ".gif", ".ico", ".pdf", ".zip", ".gz", ".woff", ".woff2", ".ttf",
    ".mp4", ".so", ".a", ".o", ".jar", ".whl", ".bin", ".svg",
)  # fmt: skip


@dataclass(slots=True)
class NamedSymbol:
    """One symbol while it is looked into."""

    reference: Reference
    done: list[Assessed | None]
    """What is said of all that its memory names."""
    place: int
    """Its index there."""
    files: list[tuple[int, str]]
    """Files that may define it, each with the number of a commit in which it was there."""

    def say(self, assessed: Assessed) -> None:
        """Settle how it stands."""
        self.done[self.place] = assessed


class Symbols:
    """Looks into all of them together, with two runs of git."""

    def __init__(self, git: GitProgram, history: History, tree: Tree) -> None:
        self._git, self._history, self._tree = git, history, tree
        self._seen: dict[tuple[int, str], tuple[frozenset[str], frozenset[str]]] = {}
        """By commit and path: the symbols that are defined there, and those that occur."""

    def look_into(self, symbols: Sequence[NamedSymbol]) -> Generator[None, None, None]:
        """Settle each of *symbols*, yielding after each piece of work.

        Raises:
            RepositoryError: git fails, or takes too long.
        """
        for each in symbols:
            each.say(unverifiable(each.reference, "the file that would define it is not named"))
        asked = [each for each in symbols if each.files]
        if not asked:
            return
        chains = self._chains({file for each in asked for file in each.files})
        yield
        yield from self._read(asked, chains)
        defined = [each for each in asked if self._file_of(each) is not None]
        left: set[str] = set()
        if defined:
            yield from self._words_left({each.reference.name for each in defined}, left)
        for each in asked:
            file = self._file_of(each)
            if file is None:
                each.say(unverifiable(each.reference, "it was not defined in a file that is named"))
            elif each.reference.name in left:
                each.say(Assessed(each.reference, Freshness.FRESH, path=file[1]))
            else:
                self._settle(each, file, chains[file])

    def _chains(self, files: set[tuple[int, str]]) -> dict[tuple[int, str], list[PathEvent]]:
        """What became of each file since its commit, oldest first, under whatever name; a move is
        a change of the file that it made."""
        ancestry = self._history.reached([commit for commit, _ in files])
        events: dict[str, list[PathEvent]] = {}
        wanted = {path for _, path in files}
        for _ in range(_HOPS):
            found = self._history.events(wanted, bytes((CHANGED, DELETED, RENAMED)))
            events.update(found)
            moved = {each.target for those in found.values() for each in those if each.target}
            wanted = moved - events.keys()
            if not wanted:
                break
        chains: dict[tuple[int, str], list[PathEvent]] = {}
        for commit, path in files:
            earlier = ancestry.of(commit)
            since = [each for each in events.get(path, ()) if not earlier(each.commit)][::-1]
            chains[commit, path] = _chain(since, events)[:_VERSIONS]
        return chains

    def _read(
        self, symbols: Sequence[NamedSymbol], chains: dict[tuple[int, str], list[PathEvent]]
    ) -> Generator[None, None, None]:
        wanted: dict[tuple[int, str], set[str]] = {}
        for each in symbols:
            for commit, path in each.files:
                places = [(commit, path)]
                places += [(e.commit, e.path) for e in chains[commit, path] if e.kind == CHANGED]
                for place in places:
                    wanted.setdefault(place, set()).add(each.reference.name)
        keys = [key for key in wanted if "\n" not in key[1]][:_LOOKED_AT]

        def take(index: int, body: bytes) -> None:
            names = wanted[keys[index]]
            words = {word.decode() for word in set(_WORDS.findall(body))}
            there = frozenset(names & words)
            defined = frozenset(name for name in there if _defines(body, name))
            self._seen[keys[index]] = defined, there

        ids = self._history.ids
        names = [f"{ids[commit]}:{path}" for commit, path in keys]
        yield from contents(self._git, names, take, most=_BYTES)

    def _file_of(self, symbol: NamedSymbol) -> tuple[int, str] | None:
        """The file that defined *symbol*."""
        nothing: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
        name = symbol.reference.name
        return next((f for f in symbol.files if name in self._seen.get(f, nothing)[0]), None)

    def _words_left(self, wanted: set[str], left: set[str]) -> Generator[None, None, None]:
        """Add to *left* those of *wanted* that occur in the tree."""
        spelt = {name.encode() for name in wanted}

        def take(_: int, body: bytes) -> None:
            left.update(word.decode() for word in spelt & set(_WORDS.findall(body)))

        files = self._tree.files.items()
        ids = [id_ for path, id_ in files if not path.lower().endswith(_NO_WORDS)]
        yield from contents(self._git, list(dict.fromkeys(ids)), take, most=_BYTES)

    def _settle(self, symbol: NamedSymbol, file: tuple[int, str], chain: list[PathEvent]) -> None:
        """Say by which commit *symbol* has gone from the file that defined it."""
        name = symbol.reference.name
        for event in chain:
            seen = self._seen.get((event.commit, event.path))
            if event.kind == CHANGED and (seen is None or name in seen[1]):
                continue
            symbol.say(
                Assessed(
                    symbol.reference,
                    Freshness.GONE,
                    path=file[1],
                    commit=self._history.ids[event.commit],
                    at=self._history.moment(event.commit),
                )
            )
            return
        symbol.say(unverifiable(symbol.reference, "no commit shows what became of it"))


def _chain(
    since: Sequence[PathEvent], events: Mapping[str, Sequence[PathEvent]]
) -> list[PathEvent]:
    """*since*, the events of a file, followed by those of the files that it was moved to."""
    chain: list[PathEvent] = []
    seen: set[str] = set()
    left = list(since)
    while left:
        event = left.pop(0)
        target = event.target
        if event.kind != RENAMED or target is None or target in seen:
            chain.append(event)
            continue
        seen.add(target)
        chain.append(PathEvent(event.commit, CHANGED, target, None))
        left = [each for each in events.get(target, ()) if each.commit < event.commit][::-1]
    return chain


def _defines(body: bytes, name: str) -> bool:
    spelt = re.escape(name.encode())
    return re.search(_DEFINED % (spelt, spelt), body) is not None
