"""Machines with rules and settings of their own, under /etc/codex."""

from __future__ import annotations

from collections.abc import Callable

from tests.codex.homes import OPTION_A, Home, Scenario
from tests.codex.lookalike import hooks, write_json, write_plugin

_A = OPTION_A.replace("{url}", "URL")
_SAME = '[mcp_servers.mem0.identity]\nurl = "URL"\n'
_PLUGIN = '[plugins."%s".mcp_servers.%s.identity]\nurl = "%s"\n'
_EMPTY = "[mcp_servers]\n"
_ONLY = "allow_managed_hooks_only = true\n"
_OFF = "[features]\nhooks = false\n"
_PLUGINS_OFF = "[features]\nplugins = false\n"
_ON = "[features]\nhooks = true\n"
_HOOK = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "true"\n'
_DISABLED = "[mcp_servers.mem0]\nenabled = false\n"
_NO_PLUGIN = '[plugins."mem0@mem0-plugins"]\nenabled = false\n'


def _etc(file: str, text: str, *, user: str = _A) -> Callable[[Home], None]:
    """The server in config.toml, and one file of the machine."""

    def build(home: Home) -> None:
        home.write_config(user.replace("URL", home.url))
        home.write_etc(file, text)

    return build


def _rules(text: str, *, user: str = _A) -> Callable[[Home], None]:
    return _etc("requirements.toml", text, user=user)


def _settings(text: str, *, user: str = _A) -> Callable[[Home], None]:
    return _etc("managed_config.toml", text, user=user)


def _system(text: str, *, user: str = _A) -> Callable[[Home], None]:
    return _etc("config.toml", text, user=user)


def _hooks(file: str, text: str, user: str = "") -> Callable[[Home], None]:
    """The server, Mem0's hooks in hooks.json, trusted, and one file of the machine."""

    def build(home: Home) -> None:
        home.option_a()
        home.installer()
        home.trust()
        home.add_config(user)
        home.write_etc(file, text)

    return build


def _b(file: str, text: str, user: str = "") -> Callable[[Home], None]:
    """The plugin, its hooks trusted, and one file of the machine."""

    def build(home: Home) -> None:
        home.option_b()
        home.trust()
        home.add_config(user)
        home.write_etc(file, text)

    return build


def _system_hooks(home: Home) -> None:
    """Mem0's hooks for everybody: nobody needs to trust them."""
    home.option_a()
    write_plugin(home.source, url=home.url)
    home.etc.mkdir(parents=True)
    write_json(home.etc / "hooks.json", hooks(str(home.source)))


def _project(level: str | None, decided: str) -> Callable[[Home], None]:
    """A project that switches the server off; the user and the machine decided about it."""

    def build(home: Home) -> None:
        home.option_a()
        repo = home.folder / "src/shop"
        (repo / ".git").mkdir(parents=True)
        (repo / ".git/HEAD").write_text("ref: refs/heads/main\n")
        (repo / ".codex").mkdir()
        (repo / ".codex/config.toml").write_text(_DISABLED)
        home.cwd = repo
        if level is not None:
            home.add_config(f'[projects."{repo}"]\ntrust_level = "{level}"\n')
        text = f'[projects."{repo}"]\ntrust_level = "{decided}"\n'
        home.write_etc("managed_config.toml", text)

    return build


def _no_file(name: str) -> Callable[[Home], None]:
    """A folder in place of a file of the machine."""

    def build(home: Home) -> None:
        home.option_a()
        (home.etc / name).mkdir(parents=True)

    return build


def _s(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "mcp")


def _p(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "plugin")


_LOST = "config=fail mcp=fail"
_BARRED = ("mcp=fail", "mcp.not-allowed")
_STDIO = '[mcp_servers.mem0]\ncommand = "python3"\n'
_MINE = "mem0@mem0-plugins"
_REQ = "requirements.toml"
_ALL = "plugin=fail mcp=fail skills=fail hooks=fail"

SCENARIOS = [
    _s("etc_empty_list", _rules(_EMPTY), *_BARRED),
    _s("etc_same_url", _rules(_SAME)),
    _s("etc_slash", _rules(_SAME.replace("URL", "URL/")), *_BARRED),
    _s("etc_other_name", _rules(_SAME.replace("mem0", "memory")), *_BARRED),
    _s(
        "etc_same_command",
        _rules('[mcp_servers.mem0.identity]\ncommand = "python3"\n', user=_STDIO),
    ),
    _s(
        "etc_other_command",
        _rules('[mcp_servers.mem0.identity]\ncommand = "/usr/bin/python3"\n', user=_STDIO),
        *_BARRED,
    ),
    _s("etc_url_for_command", _rules(_SAME, user=_STDIO), *_BARRED),
    _s("etc_url_and_command", _rules(_SAME + 'command = "x"\n'), *_BARRED),
    _s("etc_disabled_too", _rules(_EMPTY, user=_A + "enabled = false\n"), *_BARRED),
    _s("etc_list_of_plugins", _rules(_PLUGIN % ("z@z", "mem0", "URL"))),
    _p("etc_plugin_empty_list", _b(_REQ, _EMPTY), *_BARRED),
    _p("etc_plugin_other_list", _b(_REQ, _SAME.replace("mem0", "memory"))),
    _p("etc_plugin_other_url", _b(_REQ, _PLUGIN % (_MINE, "mem0", "http://x/")), *_BARRED),
    _p("etc_plugin_same_url", _b(_REQ, _PLUGIN % (_MINE, "mem0", "URL"))),
    _p("etc_plugin_other_plugin", _b(_REQ, _PLUGIN % ("z@z", "mem0", "URL")), *_BARRED),
    _p("etc_plugin_other_name", _b(_REQ, _PLUGIN % (_MINE, "memory", "URL")), *_BARRED),
    _p("etc_plugin_both", _b(_REQ, _EMPTY + _PLUGIN % (_MINE, "mem0", "URL")), *_BARRED),
    _p("etc_plugin_no_names", _b(_REQ, f'[plugins."{_MINE}".mcp_servers]\n')),
    _p("etc_allowed_plugins", _b(_REQ, "allowed_plugins = []\n")),
    _s("etc_hooks_pinned_off", _hooks(_REQ, _OFF), "hooks=fail", "hooks.switched-off"),
    _s(
        "etc_hooks_pinned_off_alias",
        _hooks(_REQ, _OFF.replace("hooks", "codex_hooks")),
        "hooks=fail",
        "hooks.switched-off",
    ),
    _s(
        "etc_hooks_pinned_off_long",
        _hooks(_REQ, _OFF.replace("features", "feature_requirements")),
        "hooks=fail",
        "hooks.switched-off",
    ),
    _s("etc_hooks_pinned_on", _hooks(_REQ, _ON, _OFF)),
    _s("etc_managed_only", _hooks(_REQ, _ONLY), "hooks=fail", "hooks.managed-only"),
    _s("etc_managed_only_false", _hooks(_REQ, _ONLY.replace("true", "false"))),
    _p("etc_managed_only_plugin", _b(_REQ, _ONLY), "hooks=fail", "hooks.managed-only"),
    _s("etc_own_hooks", _rules(_HOOK)),
    _s("etc_own_hooks_in_folder", _rules('[hooks]\nmanaged_dir = "/opt"\n' + _HOOK)),
    _s("etc_own_hooks_only", _hooks(_REQ, _ONLY + _HOOK), "hooks=fail", "hooks.managed-only"),
    _p("etc_plugins_pinned_off", _b(_REQ, _PLUGINS_OFF), _ALL, "plugin.switch-off"),
    _p(
        "etc_plugins_pinned_on",
        _b(_REQ, _PLUGINS_OFF.replace("false", "true"), _PLUGINS_OFF),
    ),
    _s("etc_malformed", _rules("[features\n"), _LOST, "config.syntax"),
    _s("etc_folder", _no_file(_REQ), _LOST, "config.unreadable"),
    _s("etc_two_names", _rules("[features]\n[feature_requirements]\n"), _LOST, "config.type"),
    _s("etc_feature_text", _rules('[features]\nhooks = "no"\n'), _LOST, "config.type"),
    _s("etc_only_text", _rules('allow_managed_hooks_only = "yes"\n'), _LOST, "config.type"),
    _s("etc_no_identity", _rules('[mcp_servers.mem0]\nurl = "URL"\n'), _LOST, "config.type"),
    _s("etc_servers_number", _rules("mcp_servers = 1\n"), _LOST, "config.type"),
    _s("etc_policy_word", _rules('allowed_approval_policies = ["x"]\n'), _LOST, "config.type"),
    _s("etc_unknown_key", _rules("frobnicate = 1\n")),
    _s(
        "etc_policy",
        _rules('allowed_approval_policies = ["never"]\n'),
        "mcp=info",
        "mcp.approval",
    ),
    _s(
        "etc_policy_overruled",
        _rules(
            'allowed_approval_policies = ["on-request"]\n', user='approval_policy = "never"\n' + _A
        ),
    ),
    _s("etc_settings_disable", _settings(_DISABLED), "mcp=warn", "mcp.disabled"),
    _s("etc_settings_server", _settings(_A, user="")),
    _s(
        "etc_settings_hooks",
        _hooks("managed_config.toml", _OFF),
        "hooks=fail",
        "hooks.switched-off",
    ),
    _s("etc_settings_hooks_on", _hooks("managed_config.toml", _ON, _OFF)),
    _s("etc_settings_own_hook", _settings(_HOOK)),
    _p(
        "etc_settings_plugin",
        _b("managed_config.toml", _NO_PLUGIN),
        "plugin=warn mcp=warn skills=warn hooks=warn",
        "plugin.disabled",
    ),
    _s("etc_settings_malformed", _settings("[features\n"), _LOST, "config.syntax"),
    _s("etc_settings_word", _settings('model_verbosity = "loud"\n'), _LOST, "config.type"),
    _s(
        "etc_settings_mend",
        _settings('model_verbosity = "low"\n', user='model_verbosity = "loud"\n' + _A),
    ),
    _s("etc_settings_folder", _no_file("managed_config.toml"), _LOST, "config.unreadable"),
    _s(
        "etc_settings_trust",
        _project(None, "trusted"),
        "mcp=warn project=info",
        "mcp.disabled project.mcp",
    ),
    _s(
        "etc_settings_distrust",
        _project("trusted", "untrusted"),
        "project=warn",
        "project.untrusted",
    ),
    _s("etc_system_disable", _system(_DISABLED), "mcp=warn", "mcp.disabled"),
    _s("etc_system_server", _system(_A, user="")),
    _s("etc_system_malformed", _system("[features\n"), _LOST, "config.syntax"),
    _s("etc_system_word", _system('model_verbosity = "loud"\n'), _LOST, "config.type"),
    _s(
        "etc_system_word_mended",
        _system('model_verbosity = "loud"\n', user='model_verbosity = "low"\n' + _A),
    ),
    _s("etc_system_hooks", _system_hooks),
    _s("etc_system_own_hook", _hooks("config.toml", _HOOK)),
]
