"""The ``python3`` that runs the plugin's programs, and its version as far as files tell."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from mem0_tui.codex.facts.paths import real
from mem0_tui.codex.facts.versions import which
from mem0_tui.codex.files.text_file import folders, read
from mem0_tui.model.record import Record

_NAMED = re.compile(r"python(3)\.(\d+)(?:\.exe)?$")
_FOLDER = re.compile(r"(?:^|[/\\-])(?:python-?)?3\.(\d+)(?:\.\d+)?(?=[/\\-])", re.IGNORECASE)
_CONFIGURED = re.compile(r"(?m)^version(?:_info)?\s*=\s*3\.(\d+)")


class Python(Record):
    """What the shell would start as ``python3``."""

    path: str
    version: tuple[int, int] | None
    """None where it cannot be read without running the program."""

    @property
    def label(self) -> str:
        return "" if self.version is None else f"{self.version[0]}.{self.version[1]}"


def find_python(environ: Mapping[str, str]) -> Python | None:
    """The first ``python3`` on PATH."""
    path = which(("python3",), environ)
    return None if path is None else Python(path, _version_of(path))


def _version_of(path: str) -> tuple[int, int] | None:
    """Of its virtual environment, its real name, the library beside it, or its folders."""
    prefix = os.path.dirname(os.path.dirname(path))
    if found := _CONFIGURED.search(read(os.path.join(prefix, "pyvenv.cfg"), 1 << 14).text):
        return 3, int(found[1])
    program = real(path)
    if found := _NAMED.search(program):
        return 3, int(found[2])
    own = os.path.dirname(os.path.dirname(program))
    if own != os.path.sep and os.path.basename(program).startswith("python"):
        libraries = [_NAMED.fullmatch(name) for name in folders(os.path.join(own, "lib"))]
        minors = {int(each[2]) for each in libraries if each}
        if len(minors) == 1 and own not in ("/usr", "/usr/local"):
            return 3, minors.pop()
        if named := _FOLDER.findall(program):
            return 3, int(named[-1])
    return None
