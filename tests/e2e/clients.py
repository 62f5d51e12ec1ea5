"""Mem0's official clients, unmodified, in an environment of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mem0_tui.model.clock import SystemClock
from tests.support.installing import only_one
from tests.support.npm import NpmUnavailableError, installed, node

NEWEST = bool(os.environ.get("MEM0_TUI_NEWEST_CLIENTS"))
"""The weekly look at what has been released since: what cannot be installed fails there."""
SDK, CLI, SERVER = "mem0ai==2.2.1", "mem0-cli==0.2.13", "mem0-mcp-server==0.2.1"
NPM = ("mem0ai@3.3.1", "@mem0/cli@0.2.13")
if NEWEST:
    SDK, CLI, SERVER = (name.partition("==")[0] for name in (SDK, CLI, SERVER))
    NPM = ("mem0ai@latest", "@mem0/cli@latest")
MCP_SERVER = (SERVER, "mcp<2")
"""Mem0's MCP server, and what it needs: it does not start with the MCP SDK of today."""
# Read before any test points the home folder elsewhere.
CACHE = Path(os.environ.get("MEM0_TUI_CLIENTS_CACHE") or Path.home() / ".cache" / "mem0-tui-tests")
_HERE = Path(__file__).parent
SILENT = "false"
"""The one word with which the clients of npm send no telemetry; to them ``False`` means yes."""


class ClientsUnavailableError(Exception):
    """The clients could not be installed."""


def install(cache: Path, packages: Sequence[str] = (SDK, CLI)) -> Path:
    """The ``bin`` folder of an environment with *packages*, made once in *cache*."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f"{'-'.join(packages)}-py{version}".replace("==", "-").replace("<", "-below-")
    home = cache / _dated(name)
    binaries = home / ("Scripts" if os.name == "nt" else "bin")
    done = home / "installed"
    if done.exists():
        return binaries
    home.mkdir(parents=True, exist_ok=True)
    with only_one(home / "lock"):
        if not done.exists():
            venv.create(home, with_pip=True, symlinks=os.name != "nt")
            command = [str(binaries / "python"), "-m", "pip", "install", "--quiet", *packages]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode and NEWEST:
                raise RuntimeError(result.stderr)
            if result.returncode:
                raise ClientsUnavailableError(result.stderr.strip().rpartition("\n")[2])
            done.touch()
    return binaries


def npm_modules(cache: Path, packages: Sequence[str] = NPM) -> Path:
    """The folder with the clients of npm, made once in *cache*.

    Raises:
        NpmUnavailableError: they cannot be had here.
    """
    name = "-".join(packages).replace("@", "-").replace("/", "-").strip("-")
    try:
        return installed(cache / _dated(f"npm-{name}"), *packages)
    except NpmUnavailableError as error:
        if NEWEST:
            raise RuntimeError(str(error)) from error
        raise


def _dated(name: str) -> str:
    """*name*, with the day where the newest releases are asked for, which are others tomorrow."""
    return f"{name}-{SystemClock().now():%Y-%m-%d}" if NEWEST else name


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables that the clients run with: a home of their own, no telemetry, no proxy."""
    kept = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ
    }
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "MEM0_TELEMETRY": "False",
        "PYTHONPATH": str(_HERE / "guard"),
        "NODE_OPTIONS": f"--require {_HERE / 'guard' / 'loopback.cjs'}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_COLOR": "1",
        "COLUMNS": "300",
        **more,
    }


class ClientError(Exception):
    """What the SDK raised."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['type']}: {error['text']}")
        self.type: str = error["type"]
        self.text: str = error["text"]
        self.code: str | None = error["code"]


class Driver:
    """A process in which an SDK does what it is told, line by line."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environ,
        )
        assert self._read() == "ready"

    def tell(self, call: Mapping[str, Any]) -> Any:
        """What it answers to *call*.

        Raises:
            ClientError: the SDK raised.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the SDK's process ended"
        answer = json.loads(line)
        if "error" in answer:
            raise ClientError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait(timeout=60)


class Sdk(Driver):
    """``MemoryClient`` and ``AsyncMemoryClient`` of PyPI's ``mem0ai``."""

    def __init__(self, binaries: Path, home: Path, url: str, key: str) -> None:
        command = [str(binaries / "python"), str(_HERE / "sdk_driver.py"), url, key]
        super().__init__(command, environment(home))

    def call(self, client: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """What ``client.method(*args, **kwargs)`` returns.

        Raises:
            ClientError: it raised.
        """
        return self.tell({"client": client, "method": method, "args": args, "kwargs": kwargs})


class NpmSdk(Driver):
    """``MemoryClient`` of npm's ``mem0ai``."""

    def __init__(self, modules: Path, home: Path, url: str, key: str) -> None:
        command = [node(), str(_HERE / "npm_driver.cjs"), str(modules), url, key]
        super().__init__(command, environment(home, MEM0_TELEMETRY=SILENT))

    def call(self, method: str, *args: Any) -> Any:
        """What ``client.method(...args)`` resolves to.

        Raises:
            ClientError: it was rejected.
        """
        return self.tell({"method": method, "args": args})


@dataclass(frozen=True)
class Cli:
    """The ``mem0`` command of PyPI's ``mem0-cli``."""

    binaries: Path
    home: Path
    url: str
    key: str

    def run(self, *arguments: str, stdin: str | None = None, ok: bool = True) -> str:
        """What ``mem0 *arguments`` prints; with *ok* off, what it says when it fails."""
        code, printed, narrated = self._run(arguments, stdin or "")
        said = f"{printed}\n{narrated}"
        assert (code == 0) is ok, f"exit {code}: {said}"
        return printed if ok else said

    def json(self, *arguments: str, stdin: str | None = None) -> Any:
        """What the command prints with ``--output json``."""
        return json.loads(self.run(*arguments, "--output", "json", stdin=stdin))

    def close(self) -> None:
        """End the process that the commands were forked from, if there is one."""
        if "_driver" in self.__dict__:
            self._driver.communicate(timeout=60)

    def _run(self, arguments: Sequence[str], stdin: str) -> tuple[int, str, str]:
        if os.name == "nt":
            return self._start([str(self.binaries / "mem0"), *arguments], stdin)
        return self._fork(arguments, stdin)

    def _start(self, command: Sequence[str], stdin: str) -> tuple[int, str, str]:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=self._environment,
        )
        return done.returncode, done.stdout, done.stderr

    def _fork(self, arguments: Sequence[str], stdin: str) -> tuple[int, str, str]:
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        call = {"arguments": arguments, "stdin": stdin}
        self._driver.stdin.write(json.dumps(call) + "\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        assert line, "the process of mem0-cli ended"
        done = json.loads(line)
        return done["code"], done["stdout"], done["stderr"]

    @cached_property
    def _driver(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.binaries / "python"), str(_HERE / "cli_driver.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
        )

    @property
    def _environment(self) -> dict[str, str]:
        return environment(self.home, MEM0_API_KEY=self.key, MEM0_BASE_URL=self.url)


class NpmCli(Cli):
    """The ``mem0`` command of npm's ``@mem0/cli``; *binaries* is the folder ``node_modules``."""

    def _run(self, arguments: Sequence[str], stdin: str) -> tuple[int, str, str]:
        program = self.binaries / "@mem0/cli/dist/index.js"
        first = str(_HERE / "end_at_once.cjs")
        return self._start([node(), "--require", first, str(program), *arguments], stdin)

    @property
    def _environment(self) -> dict[str, str]:
        return {**super()._environment, "MEM0_TELEMETRY": SILENT}
