"""The live check with the real Codex and a real Mem0 server on loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mem0_tui.backends.mcp.probe import McpProbe
from mem0_tui.codex import Evidence, InstallReport, Status
from mem0_tui.codex.fixes.apply import apply
from mem0_tui.codex.live.check import check_live
from tests.codex.appserver import app_server
from tests.codex.homes import Home
from tests.codex.lookalike import VERSION
from tests.codex.scenarios import ALL
from tests.codex.test_against_codex import real_home
from tests.support.serving import KEY, Serving, serving

pytestmark = pytest.mark.codex


@pytest.fixture(scope="module")
def mem0(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """``mem0-tui serve`` with a store of its own."""
    folder = tmp_path_factory.mktemp("mem0")
    with serving(folder / "memories.db") as server:
        server.warm_up()
        yield server


@pytest.fixture
def home(tmp_path: Path, codex: str, mem0: Serving) -> Home:
    made = real_home(tmp_path, codex)
    made.url = f"{mem0.url}/mcp"
    made.environ["MEM0_API_KEY"] = KEY
    return made


def live(home: Home, *, write: bool = False) -> InstallReport:
    return check_live(home.scan(), McpProbe, lambda _: None, write=write).report


def bad(report: InstallReport) -> set[str]:
    return {f.id for f in report.roots if f.status in (Status.WARN, Status.FAIL)}


def test_a_healthy_install_is_seen_working(home: Home) -> None:
    home.option_b()
    home.trust()

    report = live(home, write=True)

    assert report.overall is Status.OK, [finding.id for finding in report.findings]
    assert {finding.id for finding in report.findings} == {
        *("config.loaded", "plugin.listed", "skills.loaded", "hooks.listed"),
        *("mcp.answers", "mcp.searches", "mcp.writes", "key.accepted"),
    }
    assert all(
        report.evidence(area) is Evidence.OBSERVED
        for area in ("config", "mcp", "key", "plugin", "skills")
    )


def _wrong_key(home: Home) -> None:
    home.environ["MEM0_API_KEY"] = "m0-some-other-key-entirely"
    home.option_a()


def _wrong_path(home: Home) -> None:
    home.url += "x"
    home.option_a()


def _refused(home: Home) -> None:
    home.url = "http://127.0.0.1:9/mcp"
    home.option_a()


def _no_key(home: Home) -> None:
    del home.environ["MEM0_API_KEY"]
    home.option_a()


def _keyless(home: Home) -> None:
    home.write_config(f'[mcp_servers.mem0]\nurl = "{home.url}"\n')


def _broken(home: Home) -> None:
    home.option_a("[broken\n")


def _wrong_type(home: Home) -> None:
    home.option_a("startup_timeout_sec = 'ten'\n")


def _untrusted(home: Home) -> None:
    home.option_b()


def _twice(home: Home) -> None:
    home.option_b()
    home.installer()
    home.trust()


def _file_refused(home: Home) -> None:
    home.option_a()
    home.installer()
    home.hooks.write_text("{")


def _off(home: Home) -> None:
    home.option_b()
    home.trust()
    home.add_config("[features]\nhooks = false\n")


def _content_changed(home: Home) -> None:
    home.option_b()
    home.trust()
    (home.cached / ".DS_Store").write_bytes(b"x")


@pytest.mark.parametrize(
    ("build", "findings"),
    [
        (_wrong_key, "key.rejected"),
        (_wrong_path, "mcp.not-found"),
        (_refused, "mcp.unreachable"),
        (_no_key, "key.missing"),
        (_keyless, "key.wanted"),
        (_broken, "config.syntax"),
        (_wrong_type, "config.type"),
        (_untrusted, "hooks.untrusted"),
        (_twice, "hooks.duplicate"),
        (_file_refused, "hooks.file"),
        (_off, "hooks.switched-off"),
    ],
)
def test_a_fault_is_observed_and_agreed_on(
    build: Callable[[Home], None], findings: str, home: Home
) -> None:
    build(home)

    report = live(home)

    assert bad(report) == set(findings.split()), [finding.id for finding in report.findings]
    for finding in report.roots:
        if finding.status in (Status.WARN, Status.FAIL):
            assert finding.evidence is Evidence.OBSERVED
    assert not any("disagrees" in finding.id for finding in report.findings)
    assert KEY not in json.dumps(report.to_json())


def test_codex_says_too_that_the_plugins_files_changed(home: Home) -> None:
    _content_changed(home)
    assert home.report().area("hooks").status is Status.WARN

    report = live(home)

    changed = next(f for f in report.findings if f.id == "hooks.content-changed")
    assert changed.evidence is Evidence.OBSERVED
    assert report.area("hooks").status is Status.WARN


def test_no_probe_stays_behind(home: Home) -> None:
    home.option_a()
    report = live(home, write=True)
    assert not bad(report)
    probe = McpProbe(home.url, {"Authorization": f"Bearer {KEY}"})
    try:
        listed = probe.call("get_memories", {"filters": {"AND": [{"run_id": "*"}]}})
    finally:
        probe.close()
    assert listed["results"] == []


def test_the_check_changes_none_of_the_files_that_it_judges(home: Home) -> None:
    home.option_b()
    home.trust()
    watched = [home.config, home.cached, home.clone]
    paths = [p for root in watched for p in ([root] if root.is_file() else root.rglob("*"))]
    before = {path: path.read_bytes() for path in paths if path.is_file()}
    live(home)
    assert {path: path.read_bytes() for path in before} == before


def test_a_repair_by_command_is_confirmed_by_codex(home: Home) -> None:
    home.option_b()
    home.trust()
    home.write_config(home.config.read_text().replace("enabled = true", "enabled = false", 1))
    (fix,) = [fix for fix in home.report().fixes if fix.id == "plugin.add"]

    apply(fix, home.scan())

    assert not bad(live(home))
    with app_server(home) as server:
        listed = server.ask("hooks/list", {"cwds": [str(home.cwd)]})["result"]["data"][0]
    assert [hook["trustStatus"] for hook in listed["hooks"]] == ["trusted"] * 9


@pytest.mark.parametrize("version", ["0.130.0", "0.150.0"])
def test_older_versions_are_asked_what_they_know(
    version: str,
    home: Home,
    codex_program: Callable[[str], str],
) -> None:
    home.codex = None
    home.option_a()
    home.installer()
    home.environ["PATH"] = home.environ["PATH"].replace(
        str(Path(home.scan().codex.path).parent),  # type: ignore[union-attr]
        str(Path(codex_program(version)).parent),
    )

    report = live(home)

    assert report.codex is not None
    assert report.codex[1] == version
    assert bad(report) == {"hooks.untrusted"}
    assert report.evidence("mcp") is Evidence.OBSERVED


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every path below *folder*: its mode, its time of change in ns, its bytes."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        status = path.lstat()
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, data)
    return found


def test_looking_changes_nothing_of_the_home(home: Home) -> None:
    home.option_b()
    home.installer()
    home.trust()
    before = tree(home.folder)

    report = live(home)

    assert tree(home.folder) == before
    assert not any("disagrees" in finding.id for finding in report.findings)
    assert bad(report) == {"hooks.duplicate"}


@pytest.fixture
def git_marketplace(home: Home) -> Iterator[Callable[[str], None]]:
    """A repository with the plugin on loopback; what is given commits another version of it."""
    program = shutil.which("git")
    if program is None:
        pytest.skip("there is no git")
    (home.root / "bin" / "git").unlink()
    del home.environ["HTTPS_PROXY"]

    def git(*words: str) -> None:
        who = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")
        subprocess.run((program, *who, *words), cwd=home.clone, check=True, capture_output=True)

    def commit(version: str) -> None:
        home.write_clone(version)
        git("init", "-q", "-b", "main")
        git("add", "-A")
        git("commit", "-q", "-m", version)
        git("update-server-info")

    commit(VERSION)
    handler = partial(SimpleHTTPRequestHandler, directory=str(home.clone))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/.git"
        home.run("plugin", "marketplace", "add", url)
        yield commit
        server.shutdown()
        thread.join()


def test_looking_does_not_upgrade_a_plugin_from_git(
    home: Home, git_marketplace: Callable[[str], None]
) -> None:
    home.add_plugin()
    program, home.codex = home.codex, None  # its app-server would go on fetching
    home.trust()
    home.codex = program
    git_marketplace("0.2.14")
    before = tree(home.folder)

    report = live(home)

    assert tree(home.folder) == before
    assert not bad(report), [finding.id for finding in report.findings]
    assert report.area("hooks").summary == "Codex would run 9 of Mem0's 9 hooks"


def test_a_word_that_codex_refuses_is_never_called_loaded(home: Home) -> None:
    home.option_a()
    home.write_config('approvals_reviewer = "loud"\n' + home.config.read_text())
    report = live(home)
    assert "config.loaded" not in {finding.id for finding in report.findings}
    assert report.area("config").status is Status.FAIL


def test_what_codex_says_when_it_ends_is_shown(home: Home) -> None:
    home.option_a()
    home.write_config('approval_policy = "untrusted"\n' + home.config.read_text())
    report = live(home)
    said = " ".join(f.detail for f in report.findings if f.area == "config")
    assert "approval_policy" in said


@pytest.mark.parametrize("scenario", ["r_completes_in_two", "r_plugin_on", "r_hides_word"])
def test_what_a_project_changes_is_no_difference(home: Home, scenario: str) -> None:
    """Codex lists servers and plugins as they are elsewhere, and refuses what is refused there."""
    next(each for each in ALL if each.name == scenario).build(home)

    report = live(home)

    assert not [f.id for f in report.findings if f.id.startswith("live.")]
