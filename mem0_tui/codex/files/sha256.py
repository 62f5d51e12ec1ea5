"""SHA-256 of the interpreter itself, as `random` takes it.

`hashlib` loads OpenSSL first, which takes longer than all the digests of a scan.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from hashlib import _Hash


def _found() -> Callable[[bytes], _Hash]:
    try:
        module = __import__("_sha2" if sys.version_info >= (3, 12) else "_sha256")
    except ImportError:  # an interpreter that leaves them out
        import hashlib

        return hashlib.sha256
    return cast("Callable[[bytes], _Hash]", module.sha256)


sha256 = _found()
"""Like ``hashlib.sha256``."""
