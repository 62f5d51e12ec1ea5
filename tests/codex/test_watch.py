"""The doctor of a screen that stays open: looks again when, and only when, a file changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex import Fix, Status
from mem0_tui.codex.report import FileEdit, InstallReport
from mem0_tui.codex.watch import HealthService
from mem0_tui.model.errors import NetworkError, NotFoundError, StaleError
from tests.codex.homes import Home


class Unreachable:
    """A server that nobody reaches."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        del url, headers

    def tools(self) -> list[str]:
        raise NetworkError("nothing listens there")

    def call(self, tool: str, arguments: Mapping[str, object]) -> Any:
        raise AssertionError(tool, arguments)

    def close(self) -> None:
        return


def watch(home: Home) -> HealthService:
    return HealthService(
        Unreachable,
        cwd=str(home.cwd),
        environ=home.environ,
        system_config=str(home.root / "none"),
        render=InstallReport.__repr__,
    )


def _make(home: Home) -> None:
    home.option_a()
    home.installer()
    home.trust()


def _append(home: Home) -> None:
    home.add_config("# later\n")


def _drop_hooks(home: Home) -> None:
    home.hooks.unlink()


def _break_hooks(home: Home) -> None:
    home.hooks.write_text("{")


def _script_gone(home: Home) -> None:
    (home.source / "scripts/on_stop.sh").unlink()


def _script_mode(home: Home) -> None:
    (home.source / "scripts/on_stop.sh").chmod(0o644)


def _new_profile(home: Home) -> None:
    (home.folder / ".zshrc").write_text("export MEM0_API_KEY=m0-another-key-entirely\n")


def _project(home: Home) -> None:
    (home.cwd / ".codex").mkdir()
    (home.cwd / ".codex/config.toml").write_text("[features]\nhooks = false\n")


@pytest.mark.parametrize(
    "change",
    [_append, _drop_hooks, _break_hooks, _script_gone, _script_mode, _new_profile, _project],
)
def test_a_change_is_noticed_and_silence_is_not(
    change: Callable[[Home], None], tmp_path: Path
) -> None:
    home = Home(tmp_path)
    _make(home)
    service = watch(home)

    first = service.latest()
    assert service.latest() is first
    change(home)

    second = service.latest()
    assert second is not first
    assert service.latest() is second
    if change is not _append:
        assert second.report.to_json() != first.report.to_json()


def test_a_plugin_folder_is_watched(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    home.trust()
    service = watch(home)
    assert service.latest().report.area("plugin").status is Status.OK

    (home.cache / "backup").mkdir()

    assert service.latest().report.area("plugin").status is Status.FAIL


def test_repair_and_undo(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n")
    before = home.config.read_bytes()
    service = watch(home)
    (fix,) = service.look().report.fixes
    assert service.latest().undoable is None

    assert service.apply(fix)

    assert service.latest().report.overall is Status.OK
    assert service.latest().undoable == "mcp.enable"
    assert service.undo() == "mcp.enable"
    assert home.config.read_bytes() == before
    assert service.latest().report.overall is Status.WARN
    with pytest.raises(NotFoundError):
        service.undo()


def test_a_repair_of_another_state_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n")
    service = watch(home)
    (fix,) = service.look().report.fixes
    assert fix.diff
    home.add_config("[tui]\n")
    changed = home.config.read_bytes()

    with pytest.raises(StaleError):
        service.apply(Fix(fix.id, fix.summary, plan=lambda: [FileEdit("/x", b"a", b"b")]))

    assert home.config.read_bytes() == changed


def test_a_live_look_stays_until_a_file_changes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    service = watch(home)
    told: list[str] = []

    look = service.live(told.append)

    assert look.live
    assert {f.id for f in look.report.findings} == {"live.no-codex", "mcp.unreachable"}
    assert told == ["asking mcp.mem0.ai with the configured key"]
    assert service.latest() is look
    home.add_config("# later\n")
    assert not service.latest().live


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_a_loop_of_links_is_no_trouble(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.codex_home.mkdir(parents=True)
    home.config.symlink_to(home.config)
    service = watch(home)
    first = service.latest()
    assert service.latest() is first
