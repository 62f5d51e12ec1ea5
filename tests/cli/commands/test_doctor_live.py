"""``mem0-tui doctor --live``: asked for, never done by itself; what was seen is said to be seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mem0_tui.cli.main import main
from tests.codex.homes import Home
from tests.support.serving import KEY, Serving, serving


@pytest.fixture(scope="module")
def mem0(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A Mem0 server of our own on loopback."""
    with serving(tmp_path_factory.mktemp("mem0") / "memories.db") as server:
        server.warm_up()
        yield server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mem0: Serving) -> Home:
    """A home without Codex that is the process's own, its server named in config.toml."""
    made = Home(tmp_path, url=f"{mem0.url}/mcp")
    made.environ["MEM0_API_KEY"] = KEY
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(made.cwd)
    made.option_a()
    return made


@pytest.mark.usefixtures("home")
def test_what_was_seen_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--live"]) == 0
    out, err = capsys.readouterr()
    assert "the server accepts the key (seen)" in out
    assert "a search works (seen)" in out
    assert "asking 127.0.0.1 with the configured key" in err


@pytest.mark.usefixtures("home")
def test_json_carries_the_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--live-write", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == 1
    levels = {finding["id"]: finding["evidence"] for finding in report["findings"]}
    assert levels == {
        "live.no-codex": "configured",
        **dict.fromkeys(("mcp.answers", "key.accepted", "mcp.searches", "mcp.writes"), "observed"),
    }


def test_a_rejected_key_fails(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEM0_API_KEY", "m0-some-other-key-entirely")
    assert main(["doctor"]) == 0
    assert main(["doctor", "--live"]) == 5
    out = capsys.readouterr().out
    assert "the server does not accept the key (seen)" in out
    assert "some-other-key" not in out
    assert main(["doctor", "--live", "--quiet"]) == 5
    assert capsys.readouterr() == ("", "")
    assert home.config.exists()


def test_without_the_option_nobody_is_asked(
    home: Home, mem0: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_config(home.config.read_text().replace(mem0.url, "http://127.0.0.1:9"))
    assert main(["doctor"]) == 0
    assert "(seen)" not in capsys.readouterr().out
    assert main(["doctor", "--live"]) == 5
    assert "the server is not reachable (seen)" in capsys.readouterr().out
