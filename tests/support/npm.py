"""Packages of npm, installed once into a shared cache folder."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.support.installing import only_one


class NpmUnavailableError(Exception):
    """The packages cannot be had here; says why."""


def node() -> str:
    """The path of Node.js.

    Raises:
        NpmUnavailableError: there is none.
    """
    found = shutil.which("node")
    if found is None:
        raise NpmUnavailableError("there is no Node.js")
    return found


def installed(folder: Path, *packages: str) -> Path:
    """The folder ``node_modules`` below *folder*, with *packages* and what they depend on.

    What they only say to work beside (peers) is left out, and none of their scripts is run.

    Raises:
        NpmUnavailableError: there is no npm, or it could not install them.
    """
    modules, done = folder / "node_modules", folder / "installed"
    if done.exists():
        return modules
    npm = shutil.which("npm")
    if npm is None:
        raise NpmUnavailableError("there is no npm")
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder / "lock"):
        if not done.exists():
            options = ("--silent", "--no-audit", "--no-fund", "--legacy-peer-deps")
            command = (npm, "install", *options, "--ignore-scripts", "--prefix", str(folder))
            result = subprocess.run(
                (*command, *packages), capture_output=True, text=True, timeout=600, check=False
            )
            if result.returncode:
                said = result.stderr.strip()[-200:]
                raise NpmUnavailableError(f"npm could not install {', '.join(packages)}: {said}")
            done.touch()
    return modules
