"""Servers in config.toml (Option A), the key, and both options at once."""

from __future__ import annotations

from collections.abc import Callable

from tests.codex.homes import KEY, OPTION_A, Home, Scenario
from tests.codex.lookalike import HOSTED
from tests.codex.stdioserver import STUB

HEADER_KEY = f"""\
[mcp_servers.mem0]
url = "{HOSTED}"
env_http_headers = {{{{ Authorization = "MEM0_API_KEY" }}}}
"""
HELPER = """\
[mcp_servers.mem0]
url = "{url}"
http_headers_helper = "/usr/bin/env true"
"""


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


def _stdio(
    text: str, *files: tuple[str, str, int], script: str = STUB, **environ: str
) -> Callable[[Home], None]:
    """A stdio server; *files* are (path below the home, text or "" for the stand-in, mode)."""

    def build(home: Home) -> None:
        for path, content, mode in files:
            place = home.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content or script)
            place.chmod(mode)
        home.write_config("[mcp_servers.mem0]\n" + text.replace("HOME", str(home.folder)))
        home.environ.update(environ)

    return build


def _stdio_on_path(text: str, place: str) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        _stdio(text, (f"{place}/memory-server", "", 0o755))(home)
        home.environ["PATH"] += f":{home.folder}/{place}"

    return build


def _key_from(dotenv: str, value: str | None, conf: str = OPTION_A) -> Callable[[Home], None]:
    """The key in Codex's .env beside one in the environment."""

    def build(home: Home) -> None:
        home.write_config(conf.format(url=home.url))
        (home.codex_home / ".env").write_text(dotenv.replace("@", KEY))
        if value is None:
            del home.environ["MEM0_API_KEY"]
        else:
            home.environ["MEM0_API_KEY"] = value

    return build


def _header_key(value: str | None, conf: str = HEADER_KEY) -> Callable[[Home], None]:
    return _key_from("", value, conf)


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
    _s("a_stdio_ok", _stdio('command = "HOME/mcp"', ("mcp", "", 0o755))),
    _s("a_stdio_on_path", _stdio_on_path('command = "memory-server"', "tools")),
    _s("a_stdio_tilde", _stdio('command = "~/mcp"', ("mcp", "", 0o755)), "mcp=fail", "mcp.command"),
    _s("a_stdio_nowhere", _stdio('command = "/nonexistent/x"'), "mcp=fail", "mcp.command"),
    _s("a_stdio_relative", _stdio('command = "./mcp"', ("work/mcp", "", 0o755))),
    _s("a_stdio_relative_gone", _stdio('command = "./mcp"'), "mcp=fail", "mcp.command"),
    _s("a_stdio_cwd", _stdio('command = "./mcp"\ncwd = "HOME/in"', ("in/mcp", "", 0o755))),
    _s(
        "a_stdio_cwd_gone",
        _stdio('command = "HOME/mcp"\ncwd = "HOME/in"', ("mcp", "", 0o755)),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_stdio_cwd_tilde",
        _stdio('command = "HOME/mcp"\ncwd = "~"', ("mcp", "", 0o755)),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_stdio_cwd_relative",
        _stdio('command = "HOME/mcp"\ncwd = "in"', ("mcp", "", 0o755), ("work/in/x", "x", 0o644)),
    ),
    _s(
        "a_stdio_one_string",
        _stdio('command = "npx -y mcp-remote https://mcp.mem0.ai/mcp"'),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_stdio_env_path",
        _stdio('command = "mem0-mcp"\nenv = { PATH = "HOME/in" }', ("in/mem0-mcp", "", 0o755)),
    ),
    _s(
        "a_stdio_env_path_lacks",
        _stdio_on_path('command = "memory-server"\nenv = { PATH = "/bin" }', "tools"),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_stdio_mode",
        _stdio('command = "HOME/mcp"', ("mcp", "", 0o644)),
        "mcp=fail",
        "mcp.command",
    ),
    _s("a_stdio_folder", _stdio('command = "HOME/work"'), "mcp=fail", "mcp.command"),
    _s(
        "a_stdio_no_shebang",
        _stdio('command = "HOME/mcp"', ("mcp", "echo hello\n", 0o755)),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_stdio_shebang_gone",
        _stdio('command = "HOME/mcp"', ("mcp", "#!/nonexistent/python\n", 0o755)),
        "mcp=fail",
        "mcp.command",
    ),
    _s(
        "a_stdio_shebang_crlf",
        _stdio('command = "HOME/mcp"', ("mcp", STUB.replace("\n", "\r\n"), 0o755)),
        "mcp=fail",
        "mcp.command",
    ),
    _s("a_stdio_empty", _stdio('command = ""'), "mcp=fail", "mcp.command"),
    _s(
        "a_stdio_env_literal",
        _stdio(
            'command = "HOME/mcp"\nenv = { MEM0_API_KEY = "${MEM0_API_KEY}" }', ("mcp", "", 0o755)
        ),
        "mcp=fail",
        "mcp.env-not-interpolated",
    ),
    _s(
        "a_stdio_env_vars",
        _stdio('command = "HOME/mcp"\nenv_vars = ["MEM0_API_KEY"]', ("mcp", "", 0o755)),
    ),
    _s(
        "a_dotenv_wins",
        _key_from("MEM0_API_KEY=@\n", "m0-old-key-of-before"),
        "key=warn",
        "key.different",
    ),
    _s("a_dotenv_empties", _key_from("MEM0_API_KEY=\n", KEY), "mcp=fail key=fail", "key.empty"),
    _s(
        "a_dotenv_no_line",
        _key_from("MEM0_API_KEY=@ @\n", None),
        "mcp=fail key=fail",
        "key.missing",
    ),
    _s("a_dotenv_quoted", _key_from("X='@'\nexport MEM0_API_KEY=\"${X}\" # of Mem0\n", None)),
    _s(
        "a_dotenv_path",
        _stdio(
            'command = "mem0-mcp"',
            ("in/mem0-mcp", "", 0o755),
            (".codex/.env", "PATH=in:/bin\n", 0o644),
        ),
        "mcp=fail",
        "mcp.command",
    ),
    _s("a_header_token", _header_key(f"Token {KEY}")),
    _s("a_header_unset", _header_key(None), "mcp=fail key=fail", "key.header-missing"),
    _s("a_header_empty", _header_key(""), "mcp=fail key=fail", "key.header-missing"),
    _s(
        "a_header_newline", _header_key(f"Token {KEY}\n"), "mcp=fail key=fail", "key.header-missing"
    ),
    _s("a_headers_helper", _header_key(None, HELPER)),
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
