"""config.toml itself: what Codex refuses, ignores, and silently survives."""

from __future__ import annotations

import os
from collections.abc import Callable

from tests.codex.homes import OPTION_A, Home, Scenario

_LOST = "config=fail mcp=fail"


def _a(text: str, *, before: str = "") -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.write_config(before + OPTION_A.format(url=home.url) + text)

    return build


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.option_a()
        home.config.write_bytes(change(home.config.read_bytes()))

    return build


def _directory(home: Home) -> None:
    home.config.mkdir(parents=True)


def _symlink(home: Home) -> None:
    home.option_a()
    target = home.folder / "dotfiles.toml"
    os.replace(home.config, target)
    home.config.symlink_to(target)


def _dangling(home: Home) -> None:
    home.codex_home.mkdir(parents=True)
    home.config.symlink_to(home.folder / "nothing.toml")


def _codex_home(home: Home) -> None:
    home.environ["CODEX_HOME"] = str(home.folder / "elsewhere")
    home.option_a()


def _codex_home_missing(home: Home) -> None:
    home.environ["CODEX_HOME"] = str(home.folder / "nowhere")


def _plugin_with_fault(home: Home) -> None:
    home.option_b()
    home.add_config("[features]\nhooks = 1\n")


def _s(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "mcp")


SCENARIOS = [
    _s("c_malformed", _a("[features\n"), _LOST, "config.syntax"),
    _s("c_duplicate_key", _a('url = "http://127.0.0.1:9/"\n'), _LOST, "config.syntax"),
    _s("c_duplicate_table", _a("[mcp_servers.mem0]\n"), _LOST, "config.syntax"),
    _s("c_wrong_type", _a("startup_timeout_sec = 'ten'\n"), _LOST, "config.type"),
    _s("c_wrong_type_bool", _a('enabled = "true"\n'), _LOST, "config.type"),
    _s("c_feature_text", _a('[features]\nhooks = "true"\n'), _LOST, "config.type"),
    _s("c_top_level_type", _a("", before="model = 5\n"), _LOST, "config.type"),
    _s("c_profile_old", _a("", before='profile = "work"\n'), _LOST, "config.profile"),
    _s(
        "c_source_type",
        _a('[marketplaces.m]\nsource_type = "path"\nsource = "/x"\n'),
        _LOST,
        "config.type",
    ),
    _s(
        "c_inline_hook",
        _a('[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "http"\n'),
        _LOST,
        "config.type",
    ),
    _s("c_number", _a("[zzz]\nn = 99999999999999999999\n"), _LOST, "config.syntax"),
    Scenario("c_latin1", _bytes(lambda b: b + b"# caf\xe9\n"), "config=fail", "config.unreadable"),
    Scenario("c_directory", _directory, "config=fail", "config.unreadable"),
    _s("c_bom", _bytes(lambda b: b"\xef\xbb\xbf" + b)),
    _s("c_crlf", _bytes(lambda b: b.replace(b"\n", b"\r\n"))),
    _s("c_toml11", _a('[shell_environment_policy]\nset = {\n  A = "\\x41",\n}\n')),
    _s("c_symlink", _symlink),
    Scenario("c_symlink_dangling", _dangling, "config=warn", "config.dangling-link"),
    _s("c_unknown_key", _a("", before="frobnicate = 1\n"), "config=info", "config.unknown-key"),
    _s(
        "c_unknown_below",
        _a("", before="tui.frobnicate = 1\n"),
        "config=info",
        "config.unknown-key",
    ),
    _s(
        "c_unknown_feature",
        _a("[features]\nfrobnicate = true\n"),
        "config=info",
        "config.unknown-key",
    ),
    _s("c_names_of_the_users", _a("[desktop]\nfrobnicate = 1\n[agents.mine]\nzz = 1\n")),
    _s("c_feature_from_earlier", _a("[features]\nweb_search = true\n")),
    _s("c_alias", _a("[features]\ncodex_hooks = true\n"), "config=info", "config.deprecated-alias"),
    _s(
        "c_misspelt_feature",
        _a("[features]\nhoooks = true\n"),
        "config=fail",
        "config.misspelt-key",
    ),
    _s("c_codex_home", _codex_home),
    Scenario(
        "c_codex_home_missing",
        _codex_home_missing,
        "config=fail",
        "config.home-missing",
        real=False,
    ),
    Scenario(
        "c_plugin_with_fault",
        _plugin_with_fault,
        "config=fail mcp=fail plugin=fail skills=fail hooks=fail",
        "config.type",
        "plugin",
    ),
]
