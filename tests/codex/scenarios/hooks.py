"""Hooks: from the installer, from the plugin, from both; files Codex refuses; trust."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.codex import lookalike
from tests.codex.homes import Home, Scenario


def _h(
    change: Callable[[Home], object] | None = None, *, trusted: bool = False
) -> Callable[[Home], None]:
    """Option A with the installer's hooks."""

    def build(home: Home) -> None:
        home.option_a()
        home.installer()
        if trusted:
            home.trust()
        if change is not None:
            change(home)

    return build


def _text(change: Callable[[str], str]) -> Callable[[Home], None]:
    return _h(lambda home: home.hooks.write_text(change(home.hooks.read_text()), encoding="utf-8"))


def _data(change: Callable[[Any], Any], *, trusted: bool = False) -> Callable[[Home], None]:
    return _h(lambda home: home.edit_json(home.hooks, change), trusted=trusted)


def _first(data: Any) -> Any:
    return data["hooks"]["Stop"][0]["hooks"][0]


def _moved(home: Home) -> None:
    home.clone.rename(home.folder / "moved")


def _rerun(home: Home) -> None:
    _moved(home)
    home.installer(home.folder / "moved/integrations/mem0-plugin")


def _space(home: Home) -> None:
    home.option_a()
    home.installer(home.folder / "my code/mem0-plugin")


def _no_exec(home: Home) -> None:
    for script in (home.source / "scripts").iterdir():
        script.chmod(0o644)


def _reformat(home: Home) -> None:
    home.hooks.write_text(json.dumps(json.loads(home.hooks.read_text())))


def _disable_stop(home: Home) -> None:
    key = f"{home.hooks}:stop:0:0"
    old = f'[hooks.state."{key}"]\n'
    text = home.config.read_text()
    assert old in text
    home.write_config(text.replace(old, old + "enabled = false\n"))


def _elsewhere(home: Home) -> None:
    home.environ["CODEX_HOME"] = str(home.folder / "elsewhere")
    home.option_a()
    home.installer()


def _seed(home: Home) -> None:
    """Everything that Mem0's page says to do: marketplace, plugin, installer, flag."""
    home.option_b()
    home.installer()
    home.add_config("[features]\ncodex_hooks = true\n")


def _seed_trusted(home: Home) -> None:
    _seed(home)
    home.trust()


def _plugin(change: Callable[[Home], object]) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.option_b()
        home.trust()
        change(home)

    return build


def _link(home: Home) -> None:
    (home.cached / "link").symlink_to(home.folder)


def _script_changed(home: Home) -> None:
    path = home.cached / "scripts/on_stop.sh"
    path.write_text("#!/bin/sh\nexit 1\n")


def _ds_store(home: Home) -> None:
    (home.cached / ".DS_Store").write_bytes(b"x")


def _upgraded(home: Home) -> None:
    home.edit_json(home.source / ".codex-plugin/plugin.json", lambda d: d.update(version="0.2.14"))
    if home.codex:  # opening /plugins in Codex asks for this list, which refreshes the cache
        from tests.codex.appserver import app_server

        with app_server(home) as codex:
            for _ in range(160):  # it does so in the background
                codex.ask("plugin/list", {"cwds": [str(home.cwd)]})
                if (home.cache / "0.2.14").exists() and not home.cached.exists():
                    break
                time.sleep(0.25)
        return
    shutil.rmtree(home.cached)
    shutil.copytree(home.source, home.cache / "0.2.14")
    os.utime(home.cache / "0.2.14")


def _untouched(home: Home) -> None:
    (home.cached / "scripts/__pycache__").mkdir()
    (home.cached / "scripts/__pycache__/x.pyc").write_bytes(b"x")


def _inline(home: Home) -> None:
    home.option_a()
    command = f"MEM0_PLATFORM=codex {_script(home)}"
    home.add_config(
        "[[hooks.Stop]]\n[[hooks.Stop.hooks]]\n"
        f'type = "command"\ncommand = "{command}"\ntimeout = 30\n'
    )
    home.trust()


def _script(home: Home) -> Path:
    lookalike.write_plugin(home.source, url=home.url)
    return home.source / "scripts/on_stop.sh"


def _uninstalled(home: Home) -> None:
    home.option_b()
    home.trust()
    shutil.rmtree(home.cache.parent)
    text = home.config.read_text()
    home.write_config(text.replace('[plugins."mem0@mem0-plugins"]\nenabled = true\n', ""))
    shutil.rmtree(home.clone)
    home.write_config(text[text.index("[hooks.state") :])


def _features(text: str) -> Callable[[Home], None]:
    return _h(lambda home: home.add_config("[features]\n" + text), trusted=True)


def _s(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "mcp")


_OFF, _FILE = "hooks.switched-off", "hooks.file"
_UNTRUSTED = "hooks.untrusted"

SCENARIOS = [
    _s("h_installer", _h(), "hooks=warn", _UNTRUSTED),
    _s("h_trusted", _h(trusted=True)),
    _s("h_reformatted", _h(_reformat, trusted=True)),
    _s("h_clone_moved", _h(_moved, trusted=True), "hooks=fail", "hooks.script-missing"),
    _s("h_clone_moved_rerun", _h(_rerun, trusted=True), "hooks=warn", "hooks.modified"),
    _s("h_path_space", _space, "hooks=fail", f"hooks.unquoted-path {_UNTRUSTED}"),
    _s("h_noexec", _h(_no_exec, trusted=True), "hooks=fail", "hooks.script-mode"),
    _s("h_state_disabled", _h(_disable_stop, trusted=True), "hooks=warn", "hooks.disabled"),
    _s(
        "h_group_inserted",
        _data(lambda d: d["hooks"]["Stop"].insert(0, {"hooks": []}), trusted=True),
        "hooks=warn",
        "hooks.untrusted",
    ),
    _s(
        "h_timeout_changed",
        _data(lambda d: _first(d).update(timeout=31), trusted=True),
        "hooks=warn",
        "hooks.modified",
    ),
    _s("h_codex_home", _elsewhere, "hooks=fail", "hooks.wrong-home"),
    _s("h_malformed", _text(lambda t: t[:-5]), "hooks=fail", _FILE),
    _s("h_empty_file", _h(lambda home: home.hooks.write_text("")), "hooks=fail", _FILE),
    _s("h_bom", _text(lambda t: "\ufeff" + t), "hooks=fail", _FILE),
    _s("h_comments", _text(lambda t: "// mine\n" + t), "hooks=fail", _FILE),
    _s("h_top_level", _data(lambda d: d.update({"$schema": "x"})), "hooks=fail", _FILE),
    _s("h_one_bad_handler", _data(lambda d: _first(d).pop("command")), "hooks=fail", _FILE),
    _s("h_unknown_type", _data(lambda d: _first(d).update(type="http")), "hooks=fail", _FILE),
    _s("h_timeout_string", _data(lambda d: _first(d).update(timeout="30")), "hooks=fail", _FILE),
    _s(
        "h_bad_shape",
        _data(
            lambda d: {"hooks": {e: [g["hooks"][0] for g in gs] for e, gs in d["hooks"].items()}}
        ),
        "hooks=fail",
        "hooks.no-group",
    ),
    _s(
        "h_unknown_event",
        _data(lambda d: d["hooks"].update(Notification=[]), trusted=True),
        "hooks=warn",
        "hooks.unknown-event",
    ),
    _s(
        "h_bad_matcher",
        _data(lambda d: d["hooks"]["PreToolUse"][2].update(matcher="("), trusted=True),
        "hooks=warn",
        "hooks.dropped",
    ),
    _s("h_feature_off", _features("hooks = false\n"), "hooks=fail", _OFF),
    _s(
        "h_codex_hooks_false",
        _features("codex_hooks = false\n"),
        "hooks=fail config=info",
        f"{_OFF} config.deprecated-alias",
    ),
    _s(
        "h_both_keys_ft",
        _features("hooks = false\ncodex_hooks = true\n"),
        "hooks=fail config=info",
        f"{_OFF} config.deprecated-alias",
    ),
    _s(
        "h_both_keys_tf",
        _features("hooks = true\ncodex_hooks = false\n"),
        "config=info",
        "config.deprecated-alias",
    ),
    _s("h_inline", _inline),
    Scenario(
        "h_seed_full",
        _seed,
        "hooks=fail config=info",
        f"hooks.duplicate {_UNTRUSTED} config.deprecated-alias",
        "plugin",
    ),
    Scenario(
        "h_seed_full_trusted",
        _seed_trusted,
        "hooks=fail config=info",
        "hooks.duplicate config.deprecated-alias",
        "plugin",
    ),
    Scenario(
        "h_plugin_symlink",
        _plugin(_link),
        "hooks=fail",
        "hooks.plugin-links",
        "plugin",
    ),
    Scenario(
        "h_plugin_script_changed",
        _plugin(_script_changed),
        "plugin=info hooks=warn",
        "plugin.source-changed",
        "plugin",
    ),
    Scenario(
        "h_plugin_dsstore",
        _plugin(_ds_store),
        "plugin=info hooks=warn",
        "plugin.source-changed",
        "plugin",
    ),
    Scenario(
        "h_plugin_trusted_upgrade",
        _plugin(_upgraded),
        "hooks=warn",
        "hooks.content-changed",
        "plugin",
    ),
    Scenario("h_plugin_pycache", _plugin(_untouched), install="plugin"),
    Scenario("h_plugin_removed_trust_left", _uninstalled),
]
