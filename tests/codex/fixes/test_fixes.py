"""Repairs by careful edit: they resolve the finding, touch nothing else, and can be undone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mem0_tui.codex import Fix, diagnose
from mem0_tui.codex.fixes.apply import apply
from mem0_tui.codex.fixes.backup import backups, undo
from mem0_tui.codex.report import FileEdit
from mem0_tui.model.errors import (
    NotFoundError,
    RefusedError,
    StaleError,
    UnsupportedError,
)
from tests.codex.homes import Home, Scenario
from tests.codex.scenarios import ALL


def snapshot(home: Home) -> dict[str, tuple[int, bytes]]:
    """Every file, link and folder of the home, the backups aside: mode and content."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in sorted(home.folder.rglob("*")):
        if ".local" in path.parts:
            continue
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            found[str(path)] = (0, os.readlink(path).encode())
        else:
            found[str(path)] = (mode, path.read_bytes() if stat.S_ISREG(mode) else b"")
    return found


def edits_of(home: Home) -> list[Fix]:
    return [fix for fix in home.report().fixes if fix.automatic and not fix.argv]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_edits_resolve_and_undo_restores_every_byte(scenario: Scenario, tmp_path: Path) -> None:
    home = Home(tmp_path)
    scenario.build(home)

    for fix in edits_of(home):
        before = snapshot(home)
        report = home.report()
        shown = fix.diff

        applied = apply(fix, home.scan())

        assert shown
        assert applied.resolved, [finding.id for finding in applied.report.findings]
        gone = {f.id for f in report.findings if f.fix is not None and f.fix.id == fix.id}
        assert gone.isdisjoint(finding.id for finding in applied.report.findings)
        assert snapshot(home) != before
        undo(home.scan().homes)
        assert snapshot(home) == before


def test_an_edit_keeps_comments_order_and_line_ends(tmp_path: Path) -> None:
    home = Home(tmp_path)
    text = (
        "\ufeff# my settings\r\nmodel = 'x'  # the model\r\n\r\n[mcpServers.mem0] # here\r\n"
        'url = "https://mcp.mem0.ai/mcp"\r\nbearer_token_env_var = "MEM0_API_KEY"\r\n'
    )
    home.codex_home.mkdir()
    home.config.write_bytes(text.encode())

    (fix,) = edits_of(home)
    apply(fix, home.scan())

    assert home.config.read_bytes() == text.replace("mcpServers", "mcp_servers").encode()


def test_an_edit_follows_a_link_and_keeps_the_mode(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n")
    target = home.folder / "dotfiles.toml"
    home.config.rename(target)
    target.chmod(0o640)
    home.config.symlink_to(target)

    (fix,) = edits_of(home)
    apply(fix, home.scan())

    assert home.config.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert "enabled = true" in target.read_text()


def test_undo_refuses_where_the_file_changed_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n")
    (fix,) = edits_of(home)
    apply(fix, home.scan())
    home.add_config("# a later thought\n")

    with pytest.raises(StaleError):
        undo(home.scan().homes)

    undo(home.scan().homes, force=True)
    assert "later" not in home.config.read_text()


def test_undo_goes_back_one_repair_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n[features]\ncodex_hooks = true\n")
    first = home.config.read_bytes()
    while fixes := edits_of(home):
        apply(fixes[0], home.scan())
    assert len(backups(home.scan().homes)) == 2

    undo(home.scan().homes)
    undo(home.scan().homes)

    assert home.config.read_bytes() == first
    with pytest.raises(NotFoundError):
        undo(home.scan().homes)


def test_a_fix_of_a_state_that_is_gone_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n")
    (fix,) = edits_of(home)
    home.add_config("# somebody else was here\n")
    changed = home.config.read_bytes()

    with pytest.raises(StaleError):
        apply(fix, home.scan())

    assert home.config.read_bytes() == changed
    assert backups(home.scan().homes) == []


def test_a_fix_that_breaks_the_configuration_is_taken_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    before = home.config.read_bytes()
    bad = Fix("bad", "break it", plan=lambda: [FileEdit(str(home.config), before, b"[broken")])

    with pytest.raises(RefusedError):
        apply(bad, home.scan())

    assert home.config.read_bytes() == before


def test_steps_for_the_user_are_not_applied(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    del home.environ["MEM0_API_KEY"]
    (fix,) = home.report().fixes

    assert not fix.automatic
    with pytest.raises(UnsupportedError):
        apply(fix, home.scan())


def test_a_key_in_a_diff_is_masked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config(
        '[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\n'
        'bearer_token = "m0-abcdefghijklmnop"\n'
    )

    (fix,) = edits_of(home)

    assert "bearer_token" in (fix.diff or "")
    assert "abcdefghijkl" not in (fix.diff or "")


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_backups_are_private(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a("enabled = false\n")
    (fix,) = edits_of(home)

    applied = apply(fix, home.scan())

    for path in [applied.backup.folder, *applied.backup.folder.iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def fake_codex(home: Home, body: str) -> None:
    program = Path(home.environ["PATH"]) / "codex"
    program.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n")
    program.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="a script as a program")
def test_a_command_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    home.write_config(home.config.read_text().replace("enabled = true", "enabled = false"))
    fake_codex(
        home,
        "open(os.environ['HOME'] + '/.codex/config.toml', 'a').write('x = 1')\n"
        "sys.exit('no such plugin')",
    )
    before = snapshot(home)
    (fix,) = [fix for fix in home.report().fixes if fix.argv]

    with pytest.raises(RefusedError, match="no such plugin"):
        apply(fix, home.scan())

    assert snapshot(home) == before


def test_a_command_needs_codex(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    home.add_config("[features]\nhooks = false\n")
    (fix,) = [fix for fix in home.report().fixes if fix.argv]
    assert fix.command == "codex features enable hooks"

    with pytest.raises(NotFoundError):
        apply(fix, home.scan())


def test_importing_the_package_stays_light() -> None:
    code = (
        "import sys, mem0_tui.codex, mem0_tui.cli.commands.doctor;"
        "print([m for m in ('tomlkit', 'pydantic', 'httpx', 'textual', 'numpy', 'sqlite3')"
        " if m in sys.modules])"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_diagnosis_leaves_no_trace(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    home.trust()
    before = snapshot(home)
    diagnose(home.scan()).to_json()
    assert snapshot(home) == before
