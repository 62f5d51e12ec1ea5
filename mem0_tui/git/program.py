"""Runs ``git`` on somebody's objects so that nothing of theirs is obeyed.

git is given an empty bare directory of our own as its repository, and the objects of theirs: so
their configuration, hooks, attributes and includes are never read, no program is started but git
itself, nothing is fetched, and nothing is written but in our directory, and objects and an index
where that is asked for (git 2.39; byte-equal output at the same cost).
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from time import monotonic
from types import TracebackType
from typing import IO, Self

from mem0_tui.git.isolation import OPTIONS, VARIABLES
from mem0_tui.git.place import Repository, RepositoryError

MOST_PROCESSES = 8
"""How often git is started for one repository at most."""
_CHUNK = 1 << 17
_OPTIONS = (*OPTIONS, "-c", "core.commitGraph=true", "-c", "core.splitIndex=false")
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-mailmap", "--no-notes")


@contextmanager
def _temporary() -> Iterator[None]:
    """Say where it was if a temporary file cannot be made."""
    try:
        yield
    except OSError as error:
        place = tempfile.gettempdir()
        why = error.strerror or str(error)
        raise RepositoryError(f"no temporary file can be made in {place}: {why}", place) from None


class GitProgram:
    """git for one repository; a context manager, whose end removes our directory."""

    def __init__(self, repository: Repository, *, seconds: float, most: int = 1 << 31) -> None:
        """
        Args:
            repository: whose objects are read.
            seconds: until all that git does here is to be done.
            most: bytes that it may print in all.
        """
        self.repository = repository
        self.started = 0
        """How often git was started."""
        self.code = 0
        """The exit code of the last one that ended."""
        self._end = monotonic() + seconds
        self._seconds = seconds
        self._left = most
        self._own: str | None = None
        self._program = shutil.which("git")

    def __enter__(self) -> Self:
        if self._program is None:
            raise RepositoryError("there is no git on PATH")
        try:
            self._prepare()
        except RepositoryError:
            self._remove()
            raise
        return self

    @_temporary()
    def _prepare(self) -> None:
        self._own = tempfile.mkdtemp(prefix="mem0-tui-git-")
        for name in ("objects", "refs"):
            os.mkdir(os.path.join(self._own, name))
        self._write("HEAD", "ref: refs/heads/none\n")
        sha256 = len(self.repository.head) == 64
        version, kind = (1, "[extensions]\n\tobjectFormat = sha256\n") if sha256 else (0, "")
        core = f"[core]\n\trepositoryformatversion = {version}\n\tbare = true\n"
        self._write("config", core + kind)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def _remove(self) -> None:
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)
            self._own = None

    def log(self, *arguments: str) -> Iterator[bytes]:
        """What ``git log`` prints; for more see :meth:`run`."""
        return self.run("log", *_PLAIN, *arguments)

    def run(
        self,
        *arguments: str,
        asked: bytes | IO[bytes] = b"",
        worktree: str | None = None,
        index: str | None = None,
        fine: tuple[int, ...] = (0,),
    ) -> Iterator[bytes]:
        """What git prints, in pieces.

        Args:
            arguments: the command and its options.
            asked: what it reads from its standard input; of a file, from where that stands.
            worktree: the folder that it takes for the working tree, where it needs one.
            index: the file that it takes for the index, where it needs one.
            fine: exit codes that are no failure.

        Raises:
            RepositoryError: git fails, takes too long, or prints more than it may.
        """
        assert self._own is not None, "within the context"
        assert self._program is not None
        if self.started >= MOST_PROCESSES:
            raise RepositoryError("too much would have to be asked of git")
        self.started += 1
        with (
            self._asked(asked) as source,
            tempfile.TemporaryFile(dir=self._own) as said,
        ):
            process = subprocess.Popen(
                [self._program, *_OPTIONS, *arguments],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=worktree or self._own,
                env=self._environment(worktree, index),
                start_new_session=os.name != "nt",
                umask=0o077 if os.name != "nt" else -1,
            )
            yield from self._output(process, arguments[0], said, fine)

    def _output(
        self, process: subprocess.Popen[bytes], name: str, said: IO[bytes], fine: tuple[int, ...]
    ) -> Iterator[bytes]:
        assert process.stdout is not None
        late = Timer(max(0.0, self._end - monotonic()), process.kill)
        late.daemon = True
        late.start()
        try:
            while piece := process.stdout.read(_CHUNK):
                self._left -= len(piece)
                if self._left < 0:
                    raise RepositoryError("git has more to say of it than is read")
                yield piece
            code = self.code = process.wait()
        finally:
            late.cancel()
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()
        if code not in fine and monotonic() >= self._end:
            raise RepositoryError(f"git took longer than {self._seconds:g} s")
        if code not in fine:
            raise self._failed(name, code, said)

    def _failed(self, name: str, code: int, said: IO[bytes]) -> RepositoryError:
        said.seek(0)
        words, place = last_words(said.read(1 << 12)), None
        if not words and shutil.disk_usage(self._own or "").free < _CHUNK:
            words, place = os.strerror(errno.ENOSPC), tempfile.gettempdir()
        return RepositoryError(f"git {name} failed ({code}){words and ': '}{words}", place)

    @contextmanager
    def _asked(self, asked: bytes | IO[bytes]) -> Iterator[IO[bytes]]:
        if not isinstance(asked, bytes):
            yield asked
            return
        assert self._own is not None
        name = f"asked-{self.started}"
        self._write(name, asked)
        with open(os.path.join(self._own, name), "rb") as source:
            yield source

    def _environment(self, worktree: str | None, index: str | None) -> dict[str, str]:
        assert self._own is not None
        own = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        own |= {
            "HOME": self._own,
            "XDG_CONFIG_HOME": self._own,
            "GIT_DIR": self._own,
            "GIT_OBJECT_DIRECTORY": self.repository.objects,
            **VARIABLES,
        }
        if self.repository.shallow is not None:
            own["GIT_SHALLOW_FILE"] = self.repository.shallow
        if worktree is not None:
            own["GIT_WORK_TREE"] = worktree
        if index is not None:
            own["GIT_INDEX_FILE"] = index
        return own

    @_temporary()
    def _write(self, name: str, content: str | bytes) -> None:
        assert self._own is not None
        data = content.encode() if isinstance(content, str) else content
        with open(os.path.join(self._own, name), "wb") as file:
            file.write(data)


def last_words(said: bytes) -> str:
    """The reason among what git says of a failure; blank where there is none."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    # What fast-import says after its reason is where its own report of the crash lies.
    reasons = [line for line in lines if line.startswith("fatal: ")] or lines
    return reasons[-1][:200] if reasons else ""


def joined(pieces: Iterator[bytes] | Sequence[bytes]) -> bytes:
    """All of *pieces* together."""
    return b"".join(pieces)
