"""Opens rollouts that Codex compressed (``.jsonl.zst``), where this Python can.

Python reads Zstandard since 3.14; before, a package has to be there, as the extra ``zstd`` brings.
"""

from __future__ import annotations

from importlib import import_module
from io import FileIO
from typing import BinaryIO, cast

from mem0_tui.evidence.file import COMPRESSED

_READERS = ("compression.zstd", "backports.zstd", "pyzstd", "zstandard")
UNREADABLE = (
    "compressed, and Python reads Zstandard since 3.14 only; pip install 'mem0-tui[zstd]' adds it"
)


def open_rollout(path: str) -> BinaryIO | None:
    """The content of the rollout *path*, or None where nothing here can decompress it.

    Raises:
        OSError: it cannot be read.
    """
    if not path.endswith(COMPRESSED):
        return FileIO(path)
    for name in _READERS:
        try:
            module = import_module(name)
        except ImportError:
            continue
        return cast("BinaryIO", module.open(path, "rb"))
    return None
