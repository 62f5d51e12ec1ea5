"""Servers in config.toml (Option A), the key, and both options at once."""

from __future__ import annotations

from tests.codex.homes import KEY, Home, Scenario


def _env(value: str | None, extra: str = "") -> object:
    def build(home: Home) -> None:
        home.option_a(extra)
        if value is None:
            del home.environ["MEM0_API_KEY"]
        else:
            home.environ["MEM0_API_KEY"] = value

    return build


def _config(text: str) -> object:
    def build(home: Home) -> None:
        home.write_config(text.replace("URL", home.url).replace("@", KEY))

    return build


def _both(text: str, **environ: str) -> object:
    def build(home: Home) -> None:
        home.option_b()
        home.trust()
        home.add_config(text.replace("URL", home.url))
        home.environ.update(environ)

    return build


def _dotenv(home: Home) -> None:
    home.option_a()
    del home.environ["MEM0_API_KEY"]
    (home.codex_home / ".env").write_text(f"MEM0_API_KEY={KEY}\n")


def _profile(home: Home) -> None:
    home.option_a()
    del home.environ["MEM0_API_KEY"]
    (home.folder / ".zshrc").write_text(f'# shell\nexport MEM0_API_KEY="{KEY}"\n')


def _different(home: Home) -> None:
    home.option_a()
    (home.folder / ".bashrc").write_text("export MEM0_API_KEY=m0-another-key-entirely\n")


def _s(
    name: str, build: object, areas: str = "", findings: str = "", install: str = "mcp"
) -> Scenario:
    assert callable(build)
    return Scenario(name, build, areas, findings, install)


MEM0 = '[mcp_servers.mem0]\nurl = "URL"\n'
BEARER = 'bearer_token_env_var = "MEM0_API_KEY"\n'

SCENARIOS = [
    _s("a_ok", Home.option_a),
    _s("a_env_missing", _env(None), "mcp=fail key=fail", "key.missing"),
    _s("a_env_empty", _env(""), "mcp=fail key=fail", "key.empty"),
    _s("a_env_newline", _env(KEY + "\n"), "mcp=fail key=fail", "key.unclean"),
    _s("a_required", _env(None, "required = true\n"), "mcp=fail key=fail", "key.missing"),
    _s("a_env_dotenv", _dotenv),
    _s("a_env_profile_only", _profile, "mcp=fail key=fail", "key.missing"),
    _s("a_key_different", _different, "key=warn", "key.different"),
    _s(
        "a_literal_bearer",
        _config(MEM0 + 'bearer_token = "@"\n'),
        "config=fail mcp=fail key=warn",
        "config.forbidden-key key.in-config",
    ),
    _s(
        "a_literal_header",
        _config(MEM0 + 'http_headers = { Authorization = "Bearer @" }\n'),
        "key=warn",
        "key.in-config",
    ),
    _s(
        "a_http_headers_interp",
        _config(MEM0 + 'http_headers = { Authorization = "Token ${MEM0_API_KEY}" }\n'),
        "mcp=fail",
        "mcp.header-not-interpolated",
    ),
    _s(
        "a_env_http_headers",
        _config(MEM0 + 'env_http_headers = { Authorization = "MEM0_API_KEY" }\n'),
    ),
    _s(
        "a_typo_mcpServers",
        _config('[mcpServers.mem0]\nurl = "URL"\n' + BEARER),
        "config=fail mcp=fail",
        "config.misspelt-key",
        "none",
    ),
    _s(
        "a_url_and_command",
        _config(MEM0 + 'command = "mem0-mcp-server"\n'),
        "config=fail mcp=fail",
        "config.forbidden-key",
    ),
    _s(
        "a_neither",
        _config("[mcp_servers.mem0]\nenabled = true\n"),
        "config=fail mcp=fail",
        "config.forbidden-key",
    ),
    _s(
        "a_other_name",
        _config('[mcp_servers.mem0-mcp]\nurl = "URL"\n' + BEARER),
        "mcp=warn",
        "mcp.name",
    ),
    _s(
        "a_case_name", _config('[mcp_servers.Mem0]\nurl = "URL"\n' + BEARER), "mcp=warn", "mcp.name"
    ),
    _s(
        "a_bad_name",
        _config('[mcp_servers."my mem0"]\nurl = "URL"\n' + BEARER),
        "mcp=fail",
        "mcp.bad-name",
    ),
    _s("a_disabled", _env(KEY, "enabled = false\n"), "mcp=warn", "mcp.disabled"),
    _s(
        "a_two_names",
        _config(MEM0 + BEARER + '[mcp_servers.mem0-old]\nurl = "URL"\n' + BEARER),
        "mcp=warn",
        "mcp.second-server",
    ),
    _s(
        "a_tools_filtered",
        _env(KEY, 'enabled_tools = ["get_memory"]\n'),
        "mcp=warn",
        "mcp.tools-filtered",
    ),
    _s(
        "a_stdio_missing",
        _config('[mcp_servers.mem0]\ncommand = "mem0-mcp-server"\n'),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_url_bad",
        _config('[mcp_servers.mem0]\nurl = "mcp.mem0.ai/mcp"\n' + BEARER),
        "mcp=fail",
        "mcp.url",
    ),
    _s(
        "a_wrong_variable",
        _config(MEM0 + 'bearer_token_env_var = "MEM0_KEY"\n'),
        "mcp=fail key=fail",
        "key.wrong-variable",
    ),
    _s(
        "e_exec_tool_never",
        _config('approval_policy = "never"\n' + MEM0 + BEARER),
        "mcp=info",
        "mcp.approval",
    ),
    _s("ab_ok", _both(MEM0 + BEARER), "mcp=info", "mcp.shadows-plugin", "both"),
    _s(
        "ab_a_disabled",
        _both(MEM0 + BEARER + "enabled = false\n"),
        "mcp=fail",
        "mcp.disabled-shadow",
        "both",
    ),
    _s(
        "ab_a_env_wrong",
        _both(MEM0 + 'bearer_token_env_var = "MEM0_KEY"\n'),
        "mcp=fail key=fail",
        "key.wrong-variable mcp.shadows-plugin",
        "both",
    ),
]
