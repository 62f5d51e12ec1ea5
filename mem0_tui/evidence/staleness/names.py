"""From what a memory writes to the path that it means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from mem0_tui.evidence.staleness.reference import Reference, ReferenceKind
from mem0_tui.git.objects import Tree

MOST = 12
"""Paths that one name may stand for before it says nothing."""
_GENERIC = re.compile(
    r"readme|license|licence|changelog|changes|contributing|authors|makefile"
    r"|dockerfile|config|conf|settings|setup|app|main|index|init|__init__|__main__"
    r"|conftest|test|tests|utils|util|helpers|helper|common|types|constants|models"
    r"|model|views|urls|schema|schemas|package|pyproject|tox|requirements|version"
    r"|manage|server|client|cli|api|base|core|errors|exceptions|routes|router|env"
    r"|docker-compose|compose|tsconfig|mod|lib|default|example|data|build|run|install"
    r"|style|styles|history|news|todo|notes|agents|claude"
)
"""Names, without what follows the first dot, that most repositories have: by themselves they do
not say which file is meant."""


class PathNames:
    """All paths of a history, by what a person may write for them."""

    def __init__(self, root: str, paths: Iterable[str], tree: Tree, wanted: Collection[str]):
        """
        Args:
            root: the top of the working tree.
            paths: every path that there ever was.
            tree: those that there are.
            wanted: the last parts of the names that will be asked for.
        """
        self._root = root
        self._tree = tree
        self._files: set[str] = set()
        self._folders: set[str] = set(tree.folders)
        self._by_name: dict[str, list[str]] = {}
        self._folded: dict[str, str] = {}
        last = frozenset(wanted)
        for path in paths:
            self._files.add(path)
            folder, _, name = path.rpartition("/")
            if name in last:
                self._by_name.setdefault(name, []).append(path)
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]
        for folder in self._folders:
            name = folder.rpartition("/")[2]
            if name in last:
                self._by_name.setdefault(name, []).append(folder)

    def known(self, path: str) -> bool:
        """Whether there ever was such a file or folder."""
        return path in self._files or path in self._folders

    def is_file(self, path: str) -> bool:
        """Whether there ever was such a file."""
        return path in self._files

    def meant(self, reference: Reference, hints: Collection[str]) -> list[str]:
        """The paths that *reference* may mean, the likeliest alone where it is clear; none where
        there was never one. *hints* are folders that the memory is about."""
        name = self.inside(reference.name)
        if name is None:
            return []
        for path in (name, *_without_diff_prefix(name)):
            if self.known(path) and (reference.kind is ReferenceKind.PATH or path in self._tree):
                return [path]
        near = [f"{hint}/{name}" for hint in hints if self.known(f"{hint}/{name}")]
        if near:
            return near[-1:] if len(near) == 1 else near
        tail = "/" + name
        ends = [p for p in self._by_name.get(name.rpartition("/")[2], ()) if p.endswith(tail)]
        if reference.kind is ReferenceKind.FILE:
            ends = [p for p in self._by_name.get(name, ()) if self.is_file(p)]
        elif "/" not in name:  # a folder alone, such as app/, means one at the top
            ends = []
        return ends

    def inside(self, name: str) -> str | None:
        """*name* from the top of the repository; None where it lies outside."""
        if not name.startswith("/"):
            return name
        top = self._root.rstrip("/") + "/"
        return name[len(top) :] if name.startswith(top) and len(name) > len(top) else None

    def namesake(self, path: str) -> str | None:
        """The one file of the tree that has the name of *path*, which is gone."""
        same = self._by_name.get(path.rpartition("/")[2], ())
        alive = [other for other in same if other in self._tree.files]
        return alive[0] if len(alive) == 1 else None

    def other_case(self, path: str) -> str | None:
        """A path of the tree that differs in case alone."""
        name = path.casefold()
        if not self._folded:
            self._folded.update((each.casefold(), each) for each in self._tree.files)
        found = self._folded.get(name)
        return found if found != path else None


def is_generic(name: str) -> bool:
    """Whether a file's name alone does not say which file is meant."""
    stem = name.rpartition("/")[2].lstrip(".").partition(".")[0].casefold()
    return _GENERIC.fullmatch(stem) is not None or len(stem) < 3


def _without_diff_prefix(name: str) -> tuple[str, ...]:
    return (name[2:],) if name.startswith(("a/", "b/")) and len(name) > 2 else ()
