"""Codex itself is asked about what the rules leave open, and nothing changes or is sent by it."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mem0_tui.cli.main import main
from mem0_tui.codex import Install, diagnose, scan
from mem0_tui.codex.live import config_judge as configjudge
from mem0_tui.codex.report import Evidence, Status
from tests.codex.conftest import CURRENT
from tests.codex.fakecodex import SILENT, fake_codex
from tests.codex.homes import KEY, Home
from tests.codex.test_against_codex import real_home

OPEN = "[features.multi_agent_v2]\n{} = true\n"
"""A feature's own settings, of which no rule knows the names."""


@pytest.fixture
def home(tmp_path: Path, codex: str) -> Home:
    found = real_home(tmp_path / "real", codex)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    found.environ["TMPDIR"] = str(temporary)  # Codex spares a home below the folder for these
    return found


@pytest.fixture
def used(home: Home) -> Home:
    """A home with a plugin, logins, databases and folders of earlier sessions."""
    home.option_b()
    home.write_config(home.config.read_text() + OPEN.format("enabled"))
    for name in ("auth.json", ".credentials.json", "state_5.sqlite", "sessions/a.jsonl", ".env"):
        path = home.codex_home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}" if name.endswith("json") else "")
    return home


def asked(home: Home) -> Install:
    none = str(home.root / "no-system-config.toml")
    return scan(cwd=home.cwd, environ=home.environ, system_config=none, ask=True)


def tree(home: Home) -> dict[str, object]:
    """Everything in the home: kind, mode, size, time and content."""
    found: dict[str, object] = {}
    for folder, folders, files in os.walk(home.folder):
        for name in [*folders, *files]:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content = Path(path).read_bytes() if stat.S_ISREG(status.st_mode) else b""
            found[path] = (status.st_mode, status.st_size, status.st_mtime_ns, content)
    return found


@pytest.mark.codex
def test_a_value_that_only_codex_judges_is_refused_with_its_words(home: Home) -> None:
    home.write_config('model = "x"\n' + OPEN.format("nothing"))

    report = diagnose(asked(home))

    found = next(f for f in report.findings if f.area == "config")
    assert (found.id, found.status, found.evidence) == (
        "config.refused",
        Status.FAIL,
        Evidence.OBSERVED,
    )
    assert "data did not match" in found.detail
    assert [(spot.path, spot.line) for spot in found.where] == [(str(home.config), 2)]


@pytest.mark.codex
def test_a_value_of_a_project_is_refused_in_its_file(home: Home) -> None:
    home.write_config(f'[projects."{home.cwd}"]\ntrust_level = "trusted"\n')
    project = home.cwd / ".codex" / "config.toml"
    project.parent.mkdir()
    project.write_text("\n\n\n" + OPEN.format("nothing"))

    found = next(f for f in diagnose(asked(home)).findings if f.area == "config")

    assert found.id == "config.refused"
    assert [(spot.path, spot.line) for spot in found.where] == [(str(project), 4)]


WORDS = "Error: failed to load bootstrap configuration\n\nCaused by:\n    "


@pytest.mark.parametrize(
    "said",  # as 0.130.0 to 0.171.0 name a line
    [
        "Error: {}:3:8: invalid\n",
        WORDS + "0: {}:3:8: number too large\n",
        WORDS + "Error parsing project config file {}: TOML parse error at line 3, column 8\n",
    ],
)
@pytest.mark.parametrize("whose", ["user", "project"])
def test_the_line_is_of_the_file_that_codex_names(tmp_path: Path, said: str, whose: str) -> None:
    home = Home(tmp_path)
    project = home.cwd / ".codex" / "config.toml"
    project.parent.mkdir()
    project.write_text(OPEN.format("enabled"))
    home.write_config(f'[projects."{home.cwd}"]\ntrust_level = "trusted"\n')
    named = f"{project}" if whose == "project" else "' + os.environ['CODEX_HOME'] + '/config.toml"
    words = said.format(named).replace("\n", "\\n")
    fake_codex(home, f"import os, sys\nsys.stderr.write('{words}')\nraise SystemExit(1)")

    found = next(f for f in diagnose(asked(home)).findings if f.area == "config")

    file = project if whose == "project" else home.config
    assert [(spot.path, spot.line) for spot in found.where] == [(str(file), 3)]


@pytest.mark.codex
def test_a_value_that_only_codex_judges_is_taken(home: Home) -> None:
    home.write_config(OPEN.format("enabled"))

    assert diagnose(asked(home)).area(
        "config"
    ).summary == "~/.codex/config.toml is accepted by " + ("Codex itself")


@pytest.mark.codex
def test_a_file_that_the_config_names_beside_it_is_found(home: Home) -> None:
    home.write_config('model_instructions_file = "sub/mine.md"\n' + OPEN.format("enabled"))
    (home.codex_home / "sub").mkdir()
    (home.codex_home / "sub/mine.md").write_text("be kind\n")

    assert diagnose(asked(home)).area("config").status is Status.OK


@pytest.mark.codex
def test_a_file_above_the_home_is_not_asked_about(home: Home) -> None:
    home.write_config('model_instructions_file = "../mine.md"\n' + OPEN.format("enabled"))
    (home.folder / "mine.md").write_text("be kind\n")

    area = diagnose(asked(home)).area("config")

    assert area.status is Status.OK
    assert area.summary.endswith("; 1 value was not checked")


@pytest.mark.codex
@pytest.mark.parametrize("where", ["work", "home"])
def test_asking_changes_nothing_and_leaves_nothing(
    used: Home, where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(ours))
    used.cwd = used.cwd if where == "work" else used.folder
    used.add_config(f'[projects."{used.folder}"]\ntrust_level = "trusted"\n')
    before = tree(used)

    assert asked(used).config.judged

    assert tree(used) == before
    assert list(ours.iterdir()) == []


@pytest.mark.codex
def test_codex_itself_writes_where_it_is_asked_in_its_home(used: Home) -> None:
    """Why it is asked on links: without this, the test above could not fail."""
    before = tree(used)

    used.run("features", "list")

    assert tree(used) != before


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    """The URL of a server on loopback, and the paths that it was asked for."""
    seen: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/mcp", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.codex
def test_asking_sends_nothing_and_runs_no_helper(
    home: Home, requests: tuple[str, list[str]]
) -> None:
    url, seen = requests
    started = home.root / "started"
    helper = home.root / "helper"
    helper.write_text(f"#!/bin/sh\ntouch {started}\necho '{{}}'\n")
    helper.chmod(0o755)
    home.write_config(
        f'[mcp_servers.a]\nurl = "{url}"\n'
        f'[mcp_servers.b]\nurl = "{url}"\nhttp_headers_helper = "{helper}"\n'
        f'[mcp_servers.c]\ncommand = "{helper}"\n' + OPEN.format("enabled")
    )

    assert asked(home).config.judged
    assert seen == []
    assert not started.exists()

    home.run("mcp", "list")
    assert seen, "codex mcp list asks for the login, so it could not be used"


@pytest.mark.codex
def test_codex_between_two_measured_versions_is_asked(
    tmp_path: Path, codex_program: Callable[[str], str]
) -> None:
    """0.130.0 takes what the rules of every measured version refuse."""
    home = real_home(tmp_path, codex_program("0.130.0"))
    home.write_config('approval_policy = "untrusted"\nmodel_verbosity = "loud"\n')
    assert diagnose(asked(home)).area("config").status is Status.FAIL

    home.write_config('approval_policy = "untrusted"\n')
    assert diagnose(home.scan()).area("config").status is Status.FAIL
    assert diagnose(asked(home)).area("config").status is not Status.FAIL


@pytest.mark.codex
def test_the_command_asks_codex(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_config(OPEN.format("nothing"))
    for name, value in home.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home.cwd)

    assert main(["doctor", "--json"]) == 5
    report = json.loads(capsys.readouterr().out)
    assert report["areas"]["config"] == "fail"

    assert main(["doctor", "--quiet"]) == 5
    assert capsys.readouterr() == ("", "")


def test_a_codex_that_does_not_answer_leaves_the_value_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    fake_codex(home, SILENT)
    home.write_config(OPEN.format("enabled"))
    monkeypatch.setattr(configjudge, "TIMEOUT", 0.3)

    area = diagnose(asked(home)).area("config")

    assert area.summary.endswith("; 1 value was not checked")


def test_a_key_in_codexs_words_is_masked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    words = f"Error: failed to load bootstrap configuration\\n\\nCaused by:\\n    invalid {KEY}\\n"
    fake_codex(home, f"import sys\nsys.stderr.write('{words}')\nraise SystemExit(1)")
    home.write_config(OPEN.format("enabled"))

    report = diagnose(asked(home))

    assert report.area("config").status is Status.FAIL
    assert KEY not in json.dumps(report.to_json())


def test_an_error_about_something_else_is_no_refusal(tmp_path: Path) -> None:
    home = Home(tmp_path)
    fake_codex(home, "import sys\nsys.stderr.write('node: not found')\nraise SystemExit(127)")
    home.write_config(OPEN.format("enabled"))

    assert diagnose(asked(home)).area("config").summary.endswith("; 1 value was not checked")


def test_a_config_that_the_rules_settle_starts_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    fake_codex(home, f"open({str(tmp_path / 'started')!r}, 'w')")
    (tmp_path / "package.json").write_text(
        json.dumps({"name": "@openai/codex", "version": CURRENT})
    )
    home.write_config('model = "x"\n')

    assert asked(home).codex is not None

    assert not (tmp_path / "started").exists()
