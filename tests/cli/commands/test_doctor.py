"""``mem0-tui doctor`` as a user runs it: text, JSON, exit codes, repairs and their undo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mem0_tui.cli.main import main
from mem0_tui.cli.rendering.doctor import Style, render
from tests.codex.homes import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that is the process's own."""
    made = Home(tmp_path)
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.chdir(made.cwd)
    return made


def test_nothing_installed(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "Mem0 is not installed in Codex." in capsys.readouterr().out
    assert not home.codex_home.exists()


def test_healthy(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_b()
    home.trust()
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "✓ ok       plugin       mem0@mem0-plugins 0.2.13" in out
    assert "17 skills load" in out
    assert "9 hooks run" in out


def test_the_way_of_a_memory_is_drawn_for_people(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.option_a()
    monkeypatch.delenv("MEM0_API_KEY")
    assert main(["doctor"]) == 5
    plain = capsys.readouterr().out
    assert "breaks here" not in plain, "a pipe gets the report as it was"

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("MEM0_TUI_ASCII", "0")
    assert main(["doctor"]) == 5
    drawn = capsys.readouterr().out
    assert "┃✗ breaks here" in drawn
    assert "? not checked" not in drawn
    assert max(map(len, drawn.splitlines()[:9])) <= 110
    assert drawn.index("Codex") > drawn.index("╰")
    monkeypatch.setenv("MEM0_TUI_ASCII", "1")
    assert main(["doctor"]) == 5
    spelt = capsys.readouterr().out.splitlines()[:9]
    assert all(line.isascii() for line in spelt)
    assert "|x breaks here" in spelt[1]
    monkeypatch.setenv("MEM0_TUI_ASCII", "0")

    monkeypatch.setenv("COLUMNS", "60")
    assert main(["doctor", "--picture"]) == 5
    column = capsys.readouterr().out
    assert "│ ✗ breaks here   key    MEM0_API_KEY is not set" in column.splitlines()
    assert main(["doctor", "--json"]) == 5
    assert "breaks" not in capsys.readouterr().out


def test_exit_codes_and_quiet(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_b()
    assert main(["doctor", "--quiet"]) == 1
    home.add_config("[broken\n")
    assert main(["doctor", "--quiet"]) == 5
    assert capsys.readouterr().out == ""


def test_json(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_b()
    assert main(["doctor", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "version",
        "codex_home",
        "codex",
        "install",
        "overall",
        "areas",
        "findings",
    ]
    assert report["version"] == 1
    assert (report["install"], report["overall"]) == ("plugin", "warn")
    assert list(report["areas"]) == [
        *("config", "mcp", "key", "plugin"),
        *("marketplace", "skills", "hooks", "project"),
    ]
    (finding,) = report["findings"]
    assert list(finding) == [
        *("id", "area", "status", "evidence", "title", "detail", "where", "cause", "fix"),
    ]
    assert finding["where"][0]["path"].endswith("codex-hooks.json")
    assert list(finding["fix"]) == ["id", "summary", "command", "diff"]


def test_other_folders(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other"
    (other / "codex").mkdir(parents=True)
    (other / "codex/config.toml").write_text("[broken")
    options = ["--home", str(other), "--codex-home", str(other / "codex"), "--cwd", str(other)]
    assert main(["doctor", *options]) == 5
    assert "does not parse" in capsys.readouterr().out
    assert home.report().overall.value == "off"


def test_fix_and_undo(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_a("enabled = false  # for now\n")
    before = home.config.read_bytes()

    assert main(["doctor", "--list-fixes"]) == 1
    shown = capsys.readouterr().out
    assert "mcp.enable" in shown
    assert "+enabled = true  # for now" in shown
    assert home.config.read_bytes() == before

    assert main(["doctor", "--fix", "mcp.enable", "--yes"]) == 0
    assert "enabled = true  # for now" in home.config.read_text()
    assert main(["doctor", "--undo"]) == 1
    assert home.config.read_bytes() == before
    assert main(["doctor", "--undo"]) == 4


def test_fix_all(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_a("enabled = false\n[features]\ncodex_hooks = true\n")
    assert main(["doctor", "--fix", "all", "--yes"]) == 0
    captured = capsys.readouterr()
    assert captured.err.count("takes it back") == 2
    assert home.report().findings == ()


def test_fix_asks_first(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_a("enabled = false\n")
    before = home.config.read_bytes()
    assert main(["doctor", "--fix", "all"]) == 3
    assert "--yes" in capsys.readouterr().err
    assert home.config.read_bytes() == before


def test_unknown_fix(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_a()
    assert main(["doctor", "--fix", "nonsense"]) == 4
    assert "--list-fixes" in capsys.readouterr().err


def test_a_key_is_never_written_or_shown(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.option_a()
    (home.folder / ".zshrc").write_text("export MEM0_API_KEY=m0-another-key-entirely\n")
    assert main(["doctor", "--fix", "all", "--yes"]) == 1
    captured = capsys.readouterr()
    assert "k3yk3y" not in captured.out + captured.err
    assert "another-key" not in captured.out + captured.err
    assert "do this step yourself" in captured.err


@pytest.mark.parametrize("width", [44, 60, 80, 160])
def test_every_line_fits_but_paths(home: Home, width: int) -> None:
    home.option_b()
    home.installer()
    text = render(home.report(), Style(width, False), home=str(home.folder))
    long = [line for line in text.splitlines() if len(line) > width]
    assert all(" " not in line.strip() or "/" in line for line in long)
    assert "\x1b" not in text


def test_colour_never_carries_the_meaning_alone(home: Home) -> None:
    home.option_b()
    plain = render(home.report(), Style(100, False), home=str(home.folder))
    coloured = render(home.report(), Style(100, True), home=str(home.folder))
    assert "\x1b[33m! warning\x1b[0m" in coloured
    assert "! warning" in plain


def test_untrusted_names_are_made_visible(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_config('[mcp_servers."mem0\\u001b[2J\\u202e"]\nurl = "https://mcp.mem0.ai/mcp"\n')
    assert main(["doctor"]) == 5
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
