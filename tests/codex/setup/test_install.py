"""Installing without Codex on PATH: what is written, what is refused, and that it is taken back."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Callable
from pathlib import Path

import pytest

from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.fixes.backup import undo
from mem0_tui.codex.report import Status
from mem0_tui.codex.setup.autostart import ServiceFile, service_file
from mem0_tui.codex.setup.install import SetupPlan, Wish, plan_install
from mem0_tui.codex.setup.perform import INSTALL, UNINSTALL, perform, saved_installs
from mem0_tui.codex.setup.uninstall import plan_uninstall
from mem0_tui.model.errors import RefusedError, StoreAccessError
from tests.codex.homes import Home

URL = "http://127.0.0.1:8765/mcp"
VARIABLE = "MEM0_TUI_SERVE_KEY"
OTHER_HOOK = {"hooks": [{"type": "command", "command": "echo mine", "timeout": 3}]}

CONFIGS: dict[str, bytes | None] = {
    "absent": None,
    "empty": b"",
    "blank": b"\n\n",
    "comments": b'# mine\nmodel = "x" # keep\n\n\n[projects."/x"]\ntrust_level = "trusted"\n# last',
    "crlf": b'model = "x"\r\n\r\n[tui]\r\nnotifications = true\r\n',
    "bom": b'\xef\xbb\xbfmodel = "x"\n',
    "neighbours": b'[plugins."a@b"]\nenabled = true\n# of c\n[marketplaces.c]\n'
    b'source_type = "local"\nsource = "/c"\n\n[mcp_servers.docs]\nurl = "https://docs.example/mcp"\n\n[hooks.state]\n',
    "text": b'notify = ["x"]\ninstructions = """\n[plugins."mem0-tui@mem0-tui"]\nno table\n"""\n',
}
WAYS = {"plugin": (True, False), "mcp": (False, False), "mcp+hooks": (False, True)}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.environ[VARIABLE] = "m0-local-key-for-tests"
    made.environ["XDG_STATE_HOME"] = str(tmp_path / "state")
    return made


def wish(home: Home, way: str = "plugin", **more: object) -> Wish:
    plugin, hooks = WAYS[way]
    given = {"url": URL, "variable": VARIABLE, "program": "/opt/my tools/mem0-tui", **more}
    folder = str(home.folder / ".local/share/mem0-tui/codex")
    return Wish(plugin=plugin, hooks=hooks, folder=folder, **given)  # type: ignore[arg-type]


def installed(home: Home, wished: Wish) -> Install:
    install = home.scan()
    return perform(plan_install(install, wished), install, INSTALL)


def removal(home: Home, wished: Wish) -> SetupPlan:
    install = home.scan()
    return plan_uninstall(install, wished.folder, saved_installs(install.homes), wished.service)


def uninstalled(home: Home, wished: Wish) -> None:
    perform(removal(home, wished), home.scan(), UNINSTALL)


def written(home: Home) -> dict[str, bytes]:
    """Every file of the home."""
    files = (path for path in home.folder.rglob("*") if path.is_file())
    return {str(path.relative_to(home.folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("config", CONFIGS)
def test_an_install_works_once_and_is_taken_back_whole(home: Home, config: str, way: str) -> None:
    data = CONFIGS[config]
    if data is not None:
        home.codex_home.mkdir()
        home.config.write_bytes(data)
    before = written(home)
    wished = wish(home, way)

    after = installed(home, wished)

    assert after.config.rejected is None
    assert after.kind == ("plugin" if way == "plugin" else "mcp")
    assert after.servers.winner is not None
    assert (after.servers.winner.url, after.servers.winner.key_variable) == (URL, VARIABLE)
    assert len(after.mem0_handlers) == (0 if way == "mcp" else 4)
    failed = [f.id for f in home.report().findings if f.status is Status.FAIL]
    assert failed == []
    assert plan_install(after, wished).steps == ()

    uninstalled(home, wished)
    assert written(home) == before
    assert removal(home, wished).steps == ()


@pytest.mark.parametrize("way", WAYS)
def test_what_was_written_meanwhile_stays(home: Home, way: str) -> None:
    home.write_config('# first\nmodel = "x"\n\n# about tui\n[tui]\nnotifications = true\n')
    wished = wish(home, way)
    installed(home, wished)
    home.trust()
    text = home.config.read_text()
    text = text.replace('model = "x"', 'model = "y" # changed') + "\n# the end\n[later]\nx = 1\n"
    home.config.write_text(text)

    uninstalled(home, wished)

    kept = home.config.read_text()
    for line in ("# first", 'model = "y" # changed', "# about tui", "# the end", "[later]"):
        assert line in kept
    assert "mem0" not in kept
    assert "hooks.state" not in kept


def test_trust_in_the_hooks_goes_with_them_and_the_bytes_are_the_former(home: Home) -> None:
    home.write_config('model = "x"')
    before = written(home)
    wished = wish(home, "mcp+hooks")
    installed(home, wished)
    home.trust()
    assert "hooks.state" in home.config.read_text()
    uninstalled(home, wished)
    assert written(home) == before


@pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
def test_other_hooks_stay_as_they_are(home: Home, indent: int | str | None) -> None:
    home.codex_home.mkdir()
    text = json.dumps({"hooks": {"Stop": [OTHER_HOOK], "PreToolUse": [OTHER_HOOK]}}, indent=indent)
    home.hooks.write_text(text)
    before = written(home)
    wished = wish(home, "mcp+hooks")

    after = installed(home, wished)

    commands = [handler.command for handler in after.hooks.handlers]
    assert commands.count("echo mine") == 2
    assert len(commands) == 6
    stop = json.loads(home.hooks.read_text())["hooks"]["Stop"]
    assert stop[0] == OTHER_HOOK
    uninstalled(home, wished)
    assert written(home) == before


def test_another_handler_that_came_later_stays(home: Home) -> None:
    wished = wish(home, "mcp+hooks")
    installed(home, wished)
    home.edit_json(home.hooks, lambda data: data["hooks"]["Stop"].append(OTHER_HOOK))
    uninstalled(home, wished)
    assert json.loads(home.hooks.read_text()) == {"hooks": {"Stop": [OTHER_HOOK]}}


def test_a_linked_config_stays_a_link(home: Home, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "codex.toml"
    real.write_text("# mine\n")
    home.codex_home.mkdir()
    home.config.symlink_to(real)
    wished = wish(home)
    installed(home, wished)
    assert home.config.is_symlink()
    assert "mem0-tui" in real.read_text()
    uninstalled(home, wished)
    assert home.config.is_symlink()
    assert real.read_text() == "# mine\n"


def test_a_new_version_takes_the_place_of_the_old(home: Home) -> None:
    before = written(home)
    installed(home, wish(home))
    changed = wish(home, url="http://127.0.0.1:9999/mcp")
    after = installed(home, changed)
    assert after.servers.winner is not None
    assert after.servers.winner.url == changed.url
    assert len(after.plugins) == 1
    uninstalled(home, changed)
    assert written(home) == before


def test_a_disabled_plugin_is_enabled(home: Home) -> None:
    installed(home, wish(home))
    text = home.config.read_text().replace("enabled = true", "enabled = false # mine")
    home.config.write_text(text)
    after = installed(home, wish(home))
    assert after.plugin is not None
    assert after.plugin.loads
    assert "# mine" in home.config.read_text()


def other_plugin(home: Home) -> None:
    home.option_b()


def other_server(home: Home) -> None:
    home.write_config('[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\n')


def other_name(home: Home) -> None:
    home.write_config('[mcp_servers.mem0-mcp]\nurl = "https://mcp.mem0.ai/mcp"\n')


def own_plugin(home: Home) -> None:
    installed(home, wish(home))


def broken(home: Home) -> None:
    home.write_config("model = \n")


def broken_hooks(home: Home) -> None:
    home.codex_home.mkdir()
    home.hooks.write_text("{")


def with_installer(home: Home) -> None:
    home.installer()
    (home.source / "scripts/install_codex_hooks.py").write_text("")


@pytest.mark.parametrize(
    ("build", "way", "hint"),
    [
        (other_plugin, "plugin", "codex plugin remove mem0@mem0-plugins"),
        (other_plugin, "mcp", "codex plugin remove mem0@mem0-plugins"),
        (other_server, "plugin", "codex mcp remove mem0"),
        (other_server, "mcp", "codex mcp remove mem0"),
        (other_name, "plugin", "codex mcp remove mem0-mcp"),
        (own_plugin, "mcp", "mem0-tui codex uninstall"),
        (Home.installer, "plugin", "hooks.json"),
        (Home.installer, "mcp+hooks", "hooks.json"),
        (with_installer, "plugin", "install_codex_hooks.py --uninstall"),
        (broken, "plugin", "mem0-tui doctor"),
        (broken_hooks, "mcp+hooks", "mem0-tui doctor"),
    ],
)
def test_nothing_is_doubled(home: Home, build: Callable[[Home], None], way: str, hint: str) -> None:
    build(home)
    before = written(home)
    with pytest.raises(RefusedError) as refused:
        plan_install(home.scan(), wish(home, way))
    assert hint in (refused.value.hint or "")
    assert written(home) == before


def test_what_another_program_installed_is_not_taken_back(home: Home) -> None:
    home.option_b()
    home.add_config('[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\n')
    assert removal(home, wish(home)).steps == ()


def test_an_entry_for_the_hosted_server_is_taken_back_too(home: Home) -> None:
    home.write_config("# mine\n")
    before = written(home)
    hosted = wish(home, "mcp", url="https://mcp.mem0.ai/mcp", variable="MEM0_API_KEY")
    installed(home, hosted)
    uninstalled(home, hosted)
    assert written(home) == before


def test_the_doctor_knows_that_its_own_hooks_call_no_other_program(home: Home) -> None:
    installed(home, wish(home))
    for name in ("bash", "python3"):
        (home.root / "bin" / name).unlink()
    assert "hooks.tools-missing" not in {finding.id for finding in home.report().findings}


def test_the_doctor_knows_where_the_local_key_is(home: Home) -> None:
    installed(home, wish(home, "mcp"))
    del home.environ[VARIABLE]
    (missing,) = [f for f in home.report().findings if f.id == "key.missing"]
    assert missing.fix is not None
    assert f'export {VARIABLE}="$(cat ~/.local/share/mem0-tui/serve.key)"' in missing.fix.summary


def test_the_doctor_sees_own_hooks_that_run_twice(home: Home) -> None:
    installed(home, wish(home, "mcp+hooks"))
    text = home.hooks.read_text()
    uninstalled(home, wish(home, "mcp+hooks"))
    installed(home, wish(home))
    home.hooks.write_text(text)
    assert "hooks.duplicate" in {finding.id for finding in home.report().findings}


def test_the_doctor_can_undo_an_install_at_once(home: Home) -> None:
    home.write_config("# mine\n")
    before = written(home)
    installed(home, wish(home))
    undo(home.scan().homes)
    assert written(home) == before


def test_a_step_that_fails_leaves_nothing_behind(home: Home) -> None:
    home.write_config("# mine\n")
    (home.codex_home / "plugins").write_text("in the way")
    before = written(home)
    with pytest.raises(StoreAccessError):
        installed(home, wish(home))
    assert written(home) == before
    assert not (home.folder / ".local").exists()


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_service_is_written_and_removed(home: Home, platform: str) -> None:
    config = str(home.folder / ".config")
    service = service_file(("/opt/my tools/mem0-tui", "serve"), str(home.folder), config, platform)
    assert isinstance(service, ServiceFile)
    before = written(home)
    wished = wish(home, service=service)
    installed(home, wished)
    assert b"/opt/my tools/mem0-tui" in Path(service.path).read_bytes()
    assert plan_install(home.scan(), wished).steps == ()
    plan = removal(home, wished)
    assert any(service.stop in text for text in plan.first)
    uninstalled(home, wished)
    assert written(home) == before


def test_a_service_says_what_it_means() -> None:
    command = ('/opt/50% "x"/mem0-tui', "serve", "--port", "9000")
    unit = service_file(command, "/home/kim", "/home/kim/.config", "linux")
    assert unit is not None
    assert b'ExecStart="/opt/50%% \\"x\\"/mem0-tui" "serve" "--port" "9000"\n' in unit.data
    agent = service_file(command, "/Users/kim", "", "darwin")
    assert agent is not None
    assert plistlib.loads(agent.data)["ProgramArguments"] == list(command)


def test_a_service_that_was_changed_stays(home: Home) -> None:
    config = str(home.folder / ".config")
    service = service_file(("mem0-tui", "serve"), str(home.folder), config, "linux")
    wished = wish(home, service=service)
    installed(home, wished)
    assert service is not None
    Path(service.path).write_text("mine")
    uninstalled(home, wished)
    assert Path(service.path).read_text() == "mine"


def test_no_service_where_none_is_known() -> None:
    assert service_file(("mem0-tui", "serve"), "/home/kim", "/home/kim/.config", "win32") is None
