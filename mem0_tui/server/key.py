"""The key that clients must show: given, from the environment, or made once and kept.

A key that was made here is in a file that only its owner can read; it is never printed whole.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreAccessError, UsageError

VARIABLES = ("MEM0_TUI_SERVE_KEY", "MEM0_API_KEY")
"""The environment variables that may hold the key, the first one that is set counts."""

FILE_NAME = "serve.key"
LEAST = 8
"""Characters of a key that is given; those that are made here have 52."""


@dataclass(frozen=True, slots=True)
class ServeKey:
    """A key and where it is from."""

    key: str = field(repr=False)
    origin: str
    """``--api-key``, the name of a variable, or the path of the file that holds it."""


def choose_key(given: str | None, environment: Mapping[str, str], store_folder: Path) -> ServeKey:
    """The key to ask for: *given*, else from *environment*, else the one kept in *store_folder*.

    Raises:
        UsageError: the key is one that could be guessed: of fewer than eight characters.
        StoreAccessError: the file cannot be read or written.
    """
    if given is not None:
        return _checked(given.strip(), "--api-key")
    for name in VARIABLES:
        value = environment.get(name, "").strip()
        if value:
            return _checked(value, name)
    return _kept_key(store_folder / FILE_NAME)


def _checked(key: str, origin: str) -> ServeKey:
    if len(key) < LEAST:
        raise UsageError(
            f"the key of {origin} has {plural(len(key), 'character')}",
            hint=f"take at least {LEAST}, or leave it out: a key is made and kept then",
        )
    return ServeKey(key, origin)


def _kept_key(path: Path) -> ServeKey:
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"m0-local-{secrets.token_urlsafe(32)}\n")
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise StoreAccessError(
            f"{path}: {getattr(error, 'strerror', None) or error}",
            hint="pass --api-key or set MEM0_TUI_SERVE_KEY",
        ) from error
    if not key:
        raise StoreAccessError(f"{path} is empty", hint="delete it, and a new key is made")
    return ServeKey(key, str(path))
