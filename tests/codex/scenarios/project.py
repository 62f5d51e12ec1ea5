"""Repositories with their own ``.codex`` folders, and what those change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.codex import lookalike
from tests.codex.homes import OPTION_A, Home, Scenario


def _checkout(home: Home, name: str = "shop") -> Path:
    """A repository, which is the working folder from now on."""
    repo = home.folder / "src" / name
    (repo / ".git").mkdir(parents=True)
    (repo / ".git/HEAD").write_text("ref: refs/heads/main\n")
    home.cwd = repo
    return repo


def _project(home: Home, folder: Path, text: str) -> None:
    """The ``.codex`` folder in *folder*."""
    (folder / ".codex").mkdir(parents=True)
    (folder / ".codex/config.toml").write_text(text.replace("URL", home.url))


def _decide(home: Home, folder: Path, level: str = "trusted") -> None:
    home.add_config(f'[projects."{folder}"]\ntrust_level = "{level}"\n')


def _repo(text: str, level: str | None, *, hooks: bool = False) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.option_a()
        home.installer()
        home.trust()
        repo = _checkout(home)
        _project(home, repo, text)
        if hooks:
            lookalike.write_json(repo / ".codex/hooks.json", {"hooks": {}})
        if level is not None:
            _decide(home, repo, level)

    return build


def _over(user: str, *projects: str) -> Callable[[Home], None]:
    """The user's config.toml, and a trusted repository with one folder in the other."""

    def build(home: Home) -> None:
        repo = _checkout(home)
        home.write_config(user.replace("URL", home.url))
        folder = repo
        for text in projects:
            _project(home, folder, text)
            home.cwd = folder
            folder = folder / "pkg"
        _decide(home, repo)

    return build


def _plugin(text: str, *, enabled: bool = True) -> Callable[[Home], None]:
    """The plugin from a clone, and a trusted repository."""

    def build(home: Home) -> None:
        home.option_b()
        home.trust()
        if not enabled:
            text_now = home.config.read_text()
            home.config.write_text(text_now.replace("enabled = true", "enabled = false", 1))
        repo = _checkout(home)
        _project(home, repo, text)
        _decide(home, repo)

    return build


def _own_hooks(home: Home) -> None:
    """Mem0's hooks in the repository's own hooks.json, trusted."""
    home.option_a()
    repo = _checkout(home)
    _project(home, repo, "")
    _decide(home, repo)
    lookalike.write_plugin(home.source, url=home.url)
    lookalike.write_json(repo / ".codex/hooks.json", lookalike.hooks(str(home.source)))
    home.trust()


def _inner(level: str | None, outer: str | None) -> Callable[[Home], None]:
    """The server switched off by a folder within the repository; who decided about which."""

    def build(home: Home) -> None:
        home.option_a()
        repo = _checkout(home)
        _project(home, repo / "pkg", _DISABLED)
        home.cwd = repo / "pkg"
        for folder, decided in ((repo, outer), (repo / "pkg", level)):
            if decided is not None:
                _decide(home, folder, decided)

    return build


def _empty_git(home: Home) -> None:
    """A folder ``.git`` without a HEAD marks no root, so that nobody decided about the inner."""
    _inner(None, "trusted")(home)
    (home.cwd.parent / ".git/HEAD").unlink()


def _worktree(home: Home) -> None:
    """A linked work tree is trusted with its main checkout."""
    home.option_a()
    main = _checkout(home)
    _decide(home, main)
    tree = home.folder / "src/shop-fix"
    link = main / ".git/worktrees/shop-fix"
    link.mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {link}\n")
    (link / "commondir").write_text("../..\n")
    (link / "HEAD").write_text("ref: refs/heads/fix\n")
    (link / "gitdir").write_text(f"{tree / '.git'}\n")
    _project(home, tree, _DISABLED)
    home.cwd = tree


def _markers(home: Home) -> None:
    """Another mark of a root than ``.git``; trust in the checkout around it counts."""
    home.write_config('project_root_markers = ["mark"]\n' + OPTION_A.format(url=home.url))
    repo = _checkout(home)
    _project(home, repo, "model_verbosity = 5\n")
    _project(home, repo / "pkg", _DISABLED)
    (repo / "pkg/mark").write_text("")
    home.cwd = repo / "pkg"
    _decide(home, repo)


def _home_elsewhere(home: Home) -> None:
    """With CODEX_HOME elsewhere, ``~/.codex`` is a project's folder like any other."""
    home.environ["CODEX_HOME"] = str(home.folder / "elsewhere")
    home.option_a()
    _project(home, home.folder, _DISABLED)
    home.cwd = home.folder
    _decide(home, home.folder)


def _dotenv_beside(home: Home) -> None:
    """Only Codex's own .env is read, not those in the repository."""
    _over(OPTION_A.replace("{url}", "URL"), _DISABLED.replace("false", "true"))(home)
    key = home.environ.pop("MEM0_API_KEY")
    for folder in (home.cwd, home.cwd / ".codex"):
        (folder / ".env").write_text(f"MEM0_API_KEY={key}\n")


_OFF = "[features]\nhooks = false\n"
_SERVER = '[mcp_servers.mem0]\nurl = "URL"\nbearer_token_env_var = "MEM0_API_KEY"\n'
_DISABLED = "[mcp_servers.mem0]\nenabled = false\n"
_MEM0 = '[plugins."mem0@mem0-plugins"]\nenabled = %s\n'
_GONE = "config=fail mcp=fail project=info"
_HOOK = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "true"\n'


def _s(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "mcp")


def _p(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "plugin")


SCENARIOS = [
    _s("r_no_decision", _repo(_OFF, None), "project=warn", "project.undecided"),
    _s("r_untrusted", _repo(_OFF, "untrusted"), "project=warn", "project.untrusted"),
    _s("r_hooks_only", _repo("", None, hooks=True), "project=warn", "project.undecided"),
    _s("r_empty", _repo("", None)),
    _s(
        "r_features_in_repo", _repo(_OFF, "trusted"), "project=fail hooks=fail", "project.hooks-off"
    ),
    _s("r_shadow_mcp", _repo(_SERVER, "trusted"), "project=info", "project.mcp"),
    _s("r_hooks_on", _over(_OFF + _SERVER, "[features]\nhooks = true\n")),
    _s(
        "r_disabled", _over(_SERVER, _DISABLED), "mcp=warn project=info", "mcp.disabled project.mcp"
    ),
    _s(
        "r_disabled_and_enabled",
        _over(_SERVER, _DISABLED, _DISABLED.replace("false", "true")),
        "project=info",
        "project.mcp",
    ),
    _s(
        "r_completes",
        _over(
            '[mcp_servers.mem0]\nbearer_token_env_var = "MEM0_API_KEY"\n',
            '[mcp_servers.mem0]\nurl = "URL"\n',
        ),
        "config=warn project=info",
        "config.hidden-fault project.mcp",
    ),
    _s(
        "r_completes_in_two",
        _over(
            "",
            '[mcp_servers.mem0]\nurl = "URL"\n',
            '[mcp_servers.mem0]\nbearer_token_env_var = "MEM0_API_KEY"\n',
        ),
        "project=info",
        "project.mcp",
    ),
    _s("r_disabled_alone", _over("", _DISABLED), _GONE, "config.forbidden-key project.mcp"),
    _s(
        "r_args_over_url",
        _over(_SERVER, '[mcp_servers.mem0]\nargs = ["x"]\n'),
        _GONE,
        "config.forbidden-key project.mcp",
    ),
    _s(
        "r_command_over_url",
        _over(_SERVER, '[mcp_servers.mem0]\ncommand = "x"\n'),
        _GONE,
        "config.forbidden-key project.mcp",
    ),
    _s(
        "r_bearer_token",
        _over(_SERVER, '[mcp_servers.mem0]\nbearer_token = "x"\n'),
        _GONE,
        "config.forbidden-key project.mcp",
    ),
    _s(
        "r_wrong_type",
        _over(_SERVER, '[mcp_servers.mem0]\nenabled = "no"\n'),
        _GONE,
        "config.type project.mcp",
    ),
    _s(
        "r_wrong_word",
        _over(_SERVER, 'model_verbosity = "loud"\n'),
        "config=fail mcp=fail",
        "config.type",
    ),
    Scenario(
        "r_not_a_table",
        _over(_SERVER, 'mcp_servers = "x"\n'),
        "config=fail",
        "config.type",
    ),
    _s("r_malformed", _over(_SERVER, "[mcp_servers\n"), "config=fail mcp=fail", "config.syntax"),
    _s(
        "r_hides_word",
        _over('model_verbosity = "loud"\n' + _SERVER, 'model_verbosity = "low"\n'),
        "config=warn",
        "config.hidden-fault",
    ),
    _s(
        "r_hides_type",
        _over(_SERVER + 'enabled = "no"\n', _DISABLED.replace("false", "true")),
        "config=warn project=info",
        "config.hidden-fault project.mcp",
    ),
    _s(
        "r_hides_hook",
        _over(_SERVER + _HOOK.replace("command", "http", 1), _HOOK),
        "config=warn hooks=fail",
        "config.hidden-fault hooks.file",
    ),
    _s("r_profile", _over(_SERVER, 'profile = "x"\n'), "project=info", "project.ignored-keys"),
    _s(
        "r_not_of_a_project",
        _over(_SERVER, 'model_provider = 5\nnotify = "x"\notel = []\n'),
        "project=info",
        "project.ignored-keys",
    ),
    _s("r_unknown_key", _over(_SERVER, "frobnicate = 1\n"), "config=info", "config.unknown-key"),
    _s("r_inner", _inner(None, "trusted"), "mcp=warn project=info", "mcp.disabled project.mcp"),
    _s("r_inner_untrusted", _inner("untrusted", "trusted"), "project=warn", "project.untrusted"),
    _s(
        "r_inner_trusted",
        _inner("trusted", None),
        "mcp=warn project=info",
        "mcp.disabled project.mcp",
    ),
    _s(
        "r_inner_against_outer",
        _inner("trusted", "untrusted"),
        "mcp=warn project=info",
        "mcp.disabled project.mcp",
    ),
    _s("r_empty_git", _empty_git, "project=warn", "project.undecided"),
    _s("r_worktree", _worktree, "mcp=warn project=info", "mcp.disabled project.mcp"),
    _s("r_markers", _markers, "mcp=warn project=info", "mcp.disabled project.mcp"),
    _s("r_home_elsewhere", _home_elsewhere, "mcp=warn project=info", "mcp.disabled project.mcp"),
    _s(
        "r_dotenv_beside",
        _dotenv_beside,
        "mcp=fail key=fail project=info",
        "key.missing project.mcp",
    ),
    _s("r_own_hooks", _own_hooks),
    _p(
        "r_plugins_off",
        _plugin("[features]\nplugins = false\n"),
        "plugin=fail mcp=fail skills=fail hooks=fail",
        "plugin.switch-off",
    ),
    _p(
        "r_plugin_off",
        _plugin(_MEM0 % "false"),
        "plugin=warn mcp=warn skills=warn hooks=warn project=info",
        "plugin.disabled project.plugin",
    ),
    _p("r_plugin_on", _plugin(_MEM0 % "true", enabled=False), "project=info", "project.plugin"),
    _p(
        "r_plugin_server_off",
        _plugin('[plugins."mem0@mem0-plugins".mcp_servers.mem0]\nenabled = false\n'),
        "mcp=warn project=info",
        "mcp.disabled project.plugin",
    ),
    Scenario(
        "r_disabled_over_plugin",
        _plugin(_DISABLED),
        "config=fail mcp=fail plugin=fail skills=fail hooks=fail project=info",
        "config.forbidden-key project.mcp",
        "both",
    ),
]
