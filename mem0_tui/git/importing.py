"""A commit made by ``git fast-import``: all new contents and the commit itself in one process."""

from __future__ import annotations

from typing import IO

from mem0_tui.git.program import GitProgram, joined

_BRANCH = "refs/heads/made"
"""In our own directory, which nobody sees."""


class CommitStream:
    """What fast-import is to be told, written to a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._marks: dict[str, int] = {}
        self._known: dict[str, str] = {}

    def add(self, path: str, content: IO[bytes], size: int) -> None:
        """Have *path* hold the next *size* bytes of *content*."""
        mark = self._marks[path] = len(self._marks) + 1
        self._file.write(b"blob\nmark :%d\ndata %d\n" % (mark, size))
        left = size
        while left:
            piece = content.read(min(left, 1 << 16))
            if not piece:
                raise EOFError("a content is shorter than it was")
            self._file.write(piece)
            left -= len(piece)
        self._file.write(b"\n")

    def use(self, path: str, blob: str) -> None:
        """Have *path* hold the content of the id *blob*, which the repository has."""
        self._known[path] = blob

    def finish(
        self, parent: str | None, stamp: str, message: str, removed: tuple[str, ...] = ()
    ) -> None:
        """End with the commit of everything added, upon *parent*; *stamp* says whose and when."""
        said = message.encode("utf-8", "replace")
        who = stamp.encode("utf-8", "replace")
        self._file.write(b"commit %s\nmark :%d\n" % (_BRANCH.encode(), len(self._marks) + 1))
        self._file.write(b"author %s\ncommitter %s\ndata %d\n%s\n" % (who, who, len(said), said))
        if parent is not None:
            self._file.write(b"from %s\n" % parent.encode())
        contents = {path: f":{mark}" for path, mark in self._marks.items()} | self._known
        for path, content in sorted(contents.items()):
            self._file.write(f"M 100644 {content} {path}\n".encode())
        for path in removed:
            self._file.write(b"D %s\n" % path.encode())
        self._file.write(b"\nget-mark :%d\ndone\n" % (len(self._marks) + 1))
        self._file.flush()


def make_commit(git: GitProgram, stream: IO[bytes]) -> str:
    """Put what *stream* holds into the repository, and return the id of the commit, which no branch
    names yet.

    Raises:
        RepositoryError: git cannot do it; nothing points to what it has written.
    """
    stream.seek(0)
    said = joined(git.run("fast-import", "--quiet", "--done", asked=stream)).decode()
    return said.strip()
