"""What a commit holds, and which objects there are."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from mem0_tui.git.program import GitProgram, joined

_LINK, _SUBMODULE = b"120000", b"160000"
_BINARY = b"\0"
_KINDS = (b"blob", b"tree", b"commit", b"tag")


@dataclass(frozen=True, slots=True)
class Tree:
    """All paths of one commit."""

    files: dict[str, str] = field(default_factory=dict, repr=False)
    """The ids of their contents, by path."""
    folders: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    """Links and submodules: what lies below them is not of this repository."""

    def __contains__(self, path: str) -> bool:
        return path in self.files or path in self.folders or path in self.outside

    def below_outside(self, path: str) -> str | None:
        """The link or submodule that *path* lies below."""
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        return next((each for each in above if each in self.outside), None)


def read_tree(git: GitProgram, commit: str) -> Tree:
    """The paths of *commit*.

    Raises:
        RepositoryError: git fails, or takes too long.
    """
    files: dict[str, str] = {}
    folders: set[str] = set()
    outside: set[str] = set()
    for entry in joined(git.run("ls-tree", "-r", "-z", "--full-tree", commit)).split(b"\0"):
        head, _, name = entry.partition(b"\t")
        if not name:
            continue
        path = name.decode("utf-8", "surrogateescape")
        mode, _, id_ = head.split(b" ", 2)
        if mode in (_LINK, _SUBMODULE):
            outside.add(path)
        else:
            files[path] = id_.decode()
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return Tree(files, frozenset(folders), frozenset(outside))


def kinds_of(git: GitProgram, names: Sequence[str]) -> list[str | None]:
    """Whether each of *names* (``COMMIT:PATH``, an id) is a ``blob``, ``tree`` or ``commit``; None
    where there is no such object.

    Raises:
        RepositoryError: git fails, or takes too long.
    """
    if not names:
        return []
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    said = joined(git.run("cat-file", "--batch-check=%(objecttype)", asked=asked))
    lines = said.decode("utf-8", "replace").split("\n")[: len(names)]
    return [line if line in ("blob", "tree", "commit") else None for line in lines]


def contents(
    git: GitProgram, names: Sequence[str], take: Callable[[int, bytes], None], *, most: int
) -> Generator[None, None, None]:
    """Hand *take* the content of each of *names* (an id, ``COMMIT:PATH``) that is text of at most
    *most* bytes, with its index; yields while they are read, and holds one of them at a time.

    Raises:
        RepositoryError: git fails, or takes too long.
    """
    if not names:
        return
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    held = bytearray()
    index, left = -1, -1
    for piece in git.run("cat-file", "--batch", asked=asked):
        held += piece
        at = 0
        while True:
            if left < 0:
                end = held.find(b"\n", at)
                if end < 0:
                    break
                head = held[at:end].split(b" ")
                at, index = end + 1, index + 1
                there = len(head) == 3 and head[1] in _KINDS and head[2].isdigit()
                left = int(head[2]) + 1 if there else -1
                taken = there and head[1] == b"blob" and left <= most
            elif taken:
                if len(held) - at < left:
                    break
                body = bytes(held[at : at + left - 1])
                at, left = at + left, -1
                if _BINARY not in body[:8000]:
                    take(index, body)
            else:  # passed over as it comes
                step = min(left, len(held) - at)
                at, left = at + step, left - step
                if left:
                    break
                left = -1
        del held[:at]
        yield
