"""Temporary homes with Codex and Mem0 in any state, made by hand or by the real Codex."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mem0_tui.codex import Install, InstallReport, diagnose, scan
from tests.codex import lookalike, plugin3

KEY = "m0-" + "k3y" * 10
OPTION_A = """\
[mcp_servers.mem0]
url = "{url}"
bearer_token_env_var = "MEM0_API_KEY"
"""


@dataclass
class Home:
    """One home; *codex* names the real program where it is to do the installing."""

    root: Path
    codex: str | None = None
    url: str = lookalike.HOSTED
    environ: dict[str, str] = field(default_factory=dict)
    cwd: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.cwd = self.folder / "work"
        self.cwd.mkdir()
        tools = self.root / "bin"
        tools.mkdir()
        for name in ("bash", "python3", "jq", "git"):
            (tools / name).write_text("#!/bin/sh\n")
            (tools / name).chmod(0o755)
        self.environ = {
            "HOME": str(self.folder),
            "PATH": str(tools),
            "USER": "kim",
            "MEM0_API_KEY": KEY,
            **self.environ,
        }

    @property
    def folder(self) -> Path:
        return self.root / "home"

    @property
    def codex_home(self) -> Path:
        named = self.environ.get("CODEX_HOME") if hasattr(self, "environ") else None
        return Path(named) if named else self.folder / ".codex"

    @property
    def config(self) -> Path:
        return self.codex_home / "config.toml"

    @property
    def hooks(self) -> Path:
        return self.folder / ".codex" / "hooks.json"

    @property
    def clone(self) -> Path:
        return self.folder / "src" / "mem0"

    @property
    def source(self) -> Path:
        return self.clone / "integrations" / "mem0-plugin"

    @property
    def cache(self) -> Path:
        return self.codex_home / "plugins/cache/mem0-plugins/mem0"

    @property
    def cached(self) -> Path:
        return self.cache / lookalike.VERSION

    @property
    def etc(self) -> Path:
        """What stands for /etc/codex: the settings of the whole machine."""
        return self.root / "etc/codex"

    def write_etc(self, name: str, text: str) -> None:
        """Write a file of the whole machine; URL stands for the server's."""
        self.etc.mkdir(parents=True, exist_ok=True)
        (self.etc / name).write_text(text.replace("URL", self.url), encoding="utf-8")

    def argv(self, *words: str) -> tuple[str, ...]:
        """The command line that starts the real Codex on this machine's settings."""
        assert self.codex
        return (*self._own_etc(), self.codex, *words)

    def _own_etc(self) -> tuple[str, ...]:
        """What makes /etc/codex this home's own for one program: a mount that only it sees."""
        if not self.etc.exists():
            return ()
        mount = 'mount -t overlay overlay -o "lowerdir=$0:/etc" /etc && exec "$@"'
        return ("unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(self.etc.parent))

    def can_manage(self) -> bool:
        """Whether this machine lets a program have an /etc of its own."""
        self.etc.mkdir(parents=True, exist_ok=True)
        try:
            done = subprocess.run((*self._own_etc(), "true"), capture_output=True, check=False)
        except OSError:
            return False
        return done.returncode == 0

    def scan(self, cwd: Path | None = None) -> Install:
        system = str(self.etc / "config.toml")
        return scan(cwd=cwd or self.cwd, environ=self.environ, system_config=system)

    def report(self) -> InstallReport:
        return diagnose(self.scan())

    def write_config(self, text: str) -> None:
        self.codex_home.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text, encoding="utf-8")

    def add_config(self, text: str) -> None:
        old = self.config.read_text(encoding="utf-8") if self.config.exists() else ""
        self.write_config(old + ("\n" if old else "") + text)

    def option_a(self, extra: str = "") -> None:
        """The server in config.toml."""
        self.add_config(OPTION_A.format(url=self.url) + extra)

    def write_clone(self, version: str | None = lookalike.VERSION) -> None:
        lookalike.write_plugin(self.source, version=version, url=self.url)
        lookalike.write_marketplace(self.clone)

    def add_marketplace(self) -> None:
        if self.codex:
            self.run("plugin", "marketplace", "add", str(self.clone))
            return
        self.add_config(
            f'[marketplaces.mem0-plugins]\nsource_type = "local"\nsource = "{self.clone}"\n'
        )

    def add_plugin(self, source: Path | None = None) -> None:
        if self.codex:
            self.run("plugin", "add", "mem0@mem0-plugins")
            return
        entry = '[plugins."mem0@mem0-plugins"]\nenabled = true\n'
        if not self.config.exists() or entry not in self.config.read_text():
            self.add_config(entry)
        shutil.rmtree(self.cache, ignore_errors=True)
        source = source or self.source
        manifest = source / ".codex-plugin/plugin.json"
        version = json.loads(manifest.read_text()) if manifest.exists() else {}
        shutil.copytree(source, self.cache / version.get("version", "local"))

    @property
    def source3(self) -> Path:
        """Plugin 0.3 in the clone."""
        return self.clone / "integrations" / "codex-plugin"

    @property
    def cached3(self) -> Path:
        """Plugin 0.3 in Codex's cache."""
        return self.cache / plugin3.VERSION

    @property
    def data3(self) -> Path:
        """Where the hooks of plugin 0.3 keep their data."""
        return self.codex_home / "plugins/data/mem0-mem0-plugins"

    def pull3(self, *, keep: bool = False) -> None:
        """What `git pull` makes of a clone of 0.2: the entry leads to 0.3, and 0.2 is gone."""
        plugin3.write_plugin(self.source3)
        lookalike.write_marketplace(self.clone, plugin3.PLACE)
        if not keep:
            shutil.rmtree(self.source, ignore_errors=True)

    def option_b3(self) -> None:
        """Plugin 0.3 from a local clone."""
        self.pull3()
        self.add_marketplace()
        self.add_plugin(self.source3)

    def option_b(self) -> None:
        """The plugin from a local clone."""
        self.write_clone()
        self.add_marketplace()
        self.add_plugin()

    def installer(self, plugin: Path | None = None) -> None:
        """What Mem0's hook installer writes."""
        root = plugin or self.source
        if not root.exists():
            lookalike.write_plugin(root, url=self.url)
        lookalike.write_json(self.hooks, lookalike.hooks(str(root)))

    def trust(self) -> None:
        """Record trust in every hook as it is now."""
        if self.codex:
            from tests.codex.appserver import trust_all

            trust_all(self)
            return
        lines = []
        for source in self.scan().hooks.sources:
            for handler in source.handlers:
                before = rf'\[hooks\.state\."{re.escape(handler.key)}"\]\n(?:\w+ = .*\n)*'
                self.write_config(re.sub(before, "", self.config.read_text()))
                lines.append(f'[hooks.state."{handler.key}"]')
                lines.append(f'trusted_hash = "{handler.fingerprint}"')
                if source.contents:
                    lines.append(f'trusted_content_hash = "{source.contents.tree.digest}"')
        self.add_config("\n".join(lines) + "\n")

    def run(self, *argv: str) -> str:
        """Run the real Codex here."""
        done = self.try_running(*argv)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def try_running(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run the real Codex here, which may refuse."""
        return subprocess.run(
            self.argv(*argv),
            env=self.environ,
            cwd=self.cwd,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )

    def edit_json(self, path: Path, change: Callable[[Any], Any]) -> None:
        """Change a JSON file in place; *change* may return a new document."""
        data = json.loads(path.read_text())
        result = change(data)
        lookalike.write_json(path, data if result is None else result)


@dataclass(frozen=True)
class Scenario:
    """One state of an install and what the doctor is to say of it."""

    name: str
    build: Callable[[Home], object]
    areas: str = ""
    """``area=status`` for every area that is neither ok nor off."""
    findings: str = ""
    """Ids of the root causes."""
    install: str = "none"
    real: bool = True
    """Whether the real Codex can be asked about it too."""

    @property
    def expected(self) -> dict[str, str]:
        return dict(pair.split("=") for pair in self.areas.split())
