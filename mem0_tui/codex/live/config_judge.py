"""Asks Codex itself whether it takes its configuration, where the measured rules cannot tell.

``codex features list`` loads the configuration as a session does, and ends (50 ms): it starts no
server, runs no helper and sends nothing. ``codex mcp list`` says the same, but asks every server
without a token for its login. Both write folders below ``tmp`` of Codex's home (0.150.0 to
0.171.0). So it runs on a folder of links to that home, without its logins.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator

from mem0_tui.codex.facts.config import Config
from mem0_tui.codex.facts.config_faults import ConfigFault, FaultKind
from mem0_tui.codex.facts.paths import Homes, between, find_up, same_path
from mem0_tui.codex.facts.versions import CodexProgram
from mem0_tui.codex.files.spot import KeyPath, Spot
from mem0_tui.model.record import Record
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

TIMEOUT = 10.0
"""Seconds that Codex is given."""

_LONGEST = 400
_LEFT_OUT = re.compile(
    r"(\.?tmp|logs?|auth\.json|\.credentials\.json|mcp-oauth-locks|.*\.sqlite.*)\Z", re.DOTALL
)
_ABOVE = re.compile(r"""["']\.\.[/\\]""")
_NOISE = ("WARNING:", "Error: failed to load", "Caused by:")
_AT = r":(?:| TOML parse error at line )(\d+)(?:, column |:)(\d+)"
"""How Codex goes on behind the name of a file of which it names the line (0.130.0 to 0.171.0)."""
_KEY = re.compile(r"in `([^`\n]+)`")
_OF_VALUES = frozenset(
    {FaultKind.TYPE, FaultKind.REFERENCE, FaultKind.FORBIDDEN, FaultKind.PROFILE}
)


class ConfigAnswer(Record):
    """What Codex said of its configuration."""

    taken: bool
    message: str = ""
    """Why it refuses it, on one line, keys masked."""
    place: Spot | None = None
    """The file and line, where it names them."""
    column: int | None = None
    """From 1."""
    key: KeyPath = ()


def is_open(config: Config, *, exact: bool) -> bool:
    """Whether Codex knows better: *exact* where the rules were measured with its very version."""
    if not any(layer.document.exists for layer in config.layers if layer.active):
        return False
    if config.rejected is not None:
        return not exact and config.rejected.kind in _OF_VALUES
    return not exact or bool(config.undecided)


def judgement(codex: CodexProgram, config: Config, homes: Homes) -> ConfigAnswer | None:
    """What *codex* says of *config*, read from *homes*; None where it cannot be asked."""
    texts = (layer.document.file.text for layer in config.layers if layer.active)
    if not os.path.isdir(homes.codex_home) or any(_ABOVE.search(text) for text in texts):
        return None  # a path that leads out of the home would lead elsewhere from the links
    try:
        with _linked(homes.codex_home) as place:
            return _asked(codex, config, homes, place)
    except (OSError, subprocess.SubprocessError):
        return None


def judged(config: Config, judgement: ConfigAnswer) -> Config:
    """*config* as Codex itself judged it."""
    if judgement.taken:
        return config.replace(values=(), undecided=(), data=config.seen, judged=True)
    if config.rejected is not None:
        return config.replace(judged=True)  # the rules say it with its place and its repair
    spot = judgement.place
    if spot is None:
        spot = config.spot(*judgement.key) if judgement.key else config.user.document.spot()
    fault = ConfigFault(FaultKind.REFUSED, judgement.message, spot, judgement.key, judgement.column)
    return config.replace(values=(fault,), undecided=(), data={}, judged=True)


@contextlib.contextmanager
def _linked(home: str) -> Iterator[str]:
    """A folder for the owner only with links to what lies in *home*; removed at the end."""
    place = os.path.realpath(tempfile.mkdtemp(prefix="mem0-tui-codex-"))
    try:
        for name in os.listdir(home):
            if not _LEFT_OUT.match(name):
                os.symlink(os.path.join(home, name), os.path.join(place, name))
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _asked(codex: CodexProgram, config: Config, homes: Homes, place: str) -> ConfigAnswer | None:
    environ = {**homes.environ, "HOME": homes.home, "CODEX_HOME": place, "RUST_BACKTRACE": "0"}
    process = subprocess.Popen(
        (codex.path, "features", "list"),
        cwd=place if _is_project(homes) else homes.cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=os.name != "nt",
    )
    with process:
        try:
            _, error = process.communicate(timeout=TIMEOUT)
        except BaseException:
            _kill(process)
            raise
    if process.returncode == 0:
        return ConfigAnswer(True)
    output = error.decode("utf-8", "replace").replace(place, homes.codex_home)
    return _refusal(output.partition("Stack backtrace:")[0], config, homes)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started: npm's ``codex`` is a script around the real one."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _refusal(output: str, config: Config, homes: Homes) -> ConfigAnswer | None:
    """The judgement that Codex wrote to its error stream; None where it is about something else."""
    place, column = _place(output, config)
    if place is None and "Error: failed to load" not in output:
        return None
    lines = [line.strip() for line in output.splitlines()]
    words = one_line(" ".join(line for line in lines if line and not line.startswith(_NOISE)))
    words = redact(words.replace(f"{homes.codex_home}{os.sep}", ""))
    key = _KEY.search(output)
    return ConfigAnswer(
        False,
        words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…",
        place,
        column,
        tuple(key[1].split(".")) if key else (),
    )


def _place(output: str, config: Config) -> tuple[Spot | None, int | None]:
    """The file, line and column that Codex names, which may be a project's as well."""
    for layer in config.layers:
        path = layer.document.path
        for name in {path, os.path.realpath(path)}:
            if layer.active and (found := re.search(re.escape(name) + _AT, output)):
                return Spot(path, int(found[1])), int(found[2])
    return None, None


def _is_project(homes: Homes) -> bool:
    """Whether Codex, whose home is now elsewhere, would take its own home for a project's."""
    root = find_up(homes.cwd, (".git",)) or homes.cwd
    folders = between(root, homes.cwd)
    return any(same_path(os.path.join(f, ".codex"), homes.codex_home) for f in folders)
