"""Which keys Codex knows in config.toml and which types it takes; measured with Codex 0.169.

A wrong type anywhere makes Codex refuse the whole file, so only what was seen refused is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mem0_tui.codex.source import KeyPath, table

_TOP = {
    "s": "apps_mcp_product_sku chatgpt_base_url compact_prompt developer_instructions instructions"
    " js_repl_node_path log_dir mcp_oauth_callback_url model model_reasoning_effort"
    " openai_base_url oss_provider plan_mode_reasoning_effort review_model service_tier sqlite_home"
    " experimental_realtime_start_instructions experimental_realtime_webrtc_call_base_url"
    " experimental_realtime_ws_backend_prompt experimental_realtime_ws_base_url"
    " experimental_realtime_ws_model experimental_realtime_ws_startup_context"
    # text from a fixed list, or a path that must exist
    " approvals_reviewer cli_auth_credentials_store default_permissions file_opener"
    " experimental_compact_prompt_file experimental_thread_store_endpoint forced_login_method"
    " mcp_oauth_credentials_store model_auto_compact_token_limit_scope model_catalog_json"
    " model_instructions_file model_provider model_reasoning_summary model_verbosity personality"
    " sandbox_mode web_search",
    "b": "allow_login_shell allow_symlinked_codex_home check_for_update_on_startup daybreak"
    " disable_paste_burst experimental_use_unified_exec_tool hide_agent_reasoning"
    " include_apps_instructions include_collaboration_mode_instructions"
    " include_environment_context include_environment_context_time"
    " include_permissions_instructions show_raw_agent_reasoning"
    " suppress_unstable_features_warning",
    "i": "background_terminal_max_timeout mcp_oauth_callback_port mcp_optional_startup_grace_ms"
    " model_auto_compact_token_limit model_context_window"
    " model_post_turn_compact_threshold_percent project_doc_max_bytes thread_unload_delay_secs"
    " tool_output_token_limit",
    "a": "js_repl_node_module_dirs notify project_doc_fallback_filenames project_root_markers",
    "t": "agents analytics apps audio auto_review browser_use cloud computer_use desktop features"
    " feedback ghost_snapshot hooks marketplaces mcp_servers memories model_providers notice"
    " orchestrator otel permissions plugins profiles projects realtime responses_api_metadata"
    " shell_environment_policy tools tui windows",
    "at": "history sandbox_workspace_write skills tool_suggest",
    "st": "approval_policy experimental_thread_store mcp_enterprise_managed_auth",
    "sa": "forced_chatgpt_workspace_id",
    "*": "client_search_provider goals profile",
}
_SERVER = {
    "s": "command cwd url bearer_token_env_var oauth_resource name auth"
    " default_tools_approval_mode",
    "A": "args enabled_tools disabled_tools scopes",
    "a": "env_vars",
    "T": "env http_headers env_http_headers",
    "t": "tools",
    "at": "oauth",
    "n": "startup_timeout_sec tool_timeout_sec",
    "i": "startup_timeout_ms",
    "b": "enabled required supports_parallel_tool_calls",
    "*": "bearer_token experimental_environment",
}
_PLUGIN = {"b": "enabled", "t": "mcp_servers"}
_PLUGIN_SERVER = {
    "b": "enabled",
    "s": "default_tools_approval_mode",
    "A": "enabled_tools disabled_tools",
    "t": "tools",
}
_MARKETPLACE = {"s": "source_type source last_updated last_revision ref", "A": "sparse_paths"}
_STATE = {"b": "enabled", "s": "trusted_hash trusted_content_hash"}
_PROJECT = {"s": "trust_level"}
_TOOL = {"s": "approval_mode"}

APPROVAL_MODES = ("auto", "prompt", "approve", "writes")
_WORDS = {
    "approval_mode": APPROVAL_MODES,
    "default_tools_approval_mode": APPROVAL_MODES,
    "source_type": ("local", "git"),
    "trust_level": ("trusted", "untrusted"),
    "sandbox_mode": ("read-only", "workspace-write", "danger-full-access"),
}
_KIND_NAMES = {
    "s": "text in quotes",
    "b": "true or false",
    "i": "a whole number",
    "n": "a number",
    "a": "a list",
    "A": "a list of texts",
    "t": "a table",
    "T": "a table of texts",
}


def _flat(kinds: Mapping[str, str]) -> dict[str, str]:
    return {key: kind for kind, keys in kinds.items() for key in keys.split()}


TOP, SERVER, PLUGIN = _flat(_TOP), _flat(_SERVER), _flat(_PLUGIN)
PLUGIN_SERVER, MARKETPLACE = _flat(_PLUGIN_SERVER), _flat(_MARKETPLACE)
STATE, PROJECT, TOOL = _flat(_STATE), _flat(_PROJECT), _flat(_TOOL)

MISSPELT_TABLES = {
    "mcpServers": "mcp_servers",
    "mcp-servers": "mcp_servers",
    "mcp_server": "mcp_servers",
    "mcpservers": "mcp_servers",
    "mcp": "mcp_servers",
    "McpServers": "mcp_servers",
    "MCP_SERVERS": "mcp_servers",
    "feature": "features",
    "plugin": "plugins",
    "marketplace": "marketplaces",
    "hook": "hooks",
    "project": "projects",
}
"""Tables under a wrong name: Codex ignores them, whatever they hold."""

MISSPELT_SERVER_KEYS = {
    "headers": "http_headers",
    "header": "http_headers",
    "env_headers": "env_http_headers",
    "bearer_token_env": "bearer_token_env_var",
    "token_env_var": "bearer_token_env_var",
    "bearer_env_var": "bearer_token_env_var",
    "bearerTokenEnvVar": "bearer_token_env_var",
    "disabled": "enabled",
    "server_url": "url",
    "serverUrl": "url",
    "uri": "url",
    "enabledTools": "enabled_tools",
    "disabledTools": "disabled_tools",
}

Fault = tuple[KeyPath, str]
"""A key that makes Codex refuse the file, and why."""


def type_faults(config: Mapping[str, object]) -> Iterator[Fault]:
    """Every key of *config* whose type or value makes Codex refuse the whole file."""
    yield from _table_faults((), config, TOP)
    for name, value in table(config.get("features")).items():
        if not isinstance(value, bool) and (name in _SWITCHES or not isinstance(value, dict)):
            yield ("features", name), "must be true or false"
    for name, server in _children(config, "mcp_servers"):
        yield from server_faults(("mcp_servers", name), server)
    for name, plugin in _children(config, "plugins"):
        yield from _table_faults(("plugins", name), plugin, PLUGIN)
        for server_name, policy in _children(plugin, "mcp_servers"):
            key = ("plugins", name, "mcp_servers", server_name)
            yield from _table_faults(key, policy, PLUGIN_SERVER)
            yield from _tool_faults(key, policy)
    for name, marketplace in _children(config, "marketplaces"):
        yield from _table_faults(("marketplaces", name), marketplace, MARKETPLACE)
    for name, project in _children(config, "projects"):
        yield from _table_faults(("projects", name), project, PROJECT)
    for name, state in _children(table(config.get("hooks")), "state"):
        yield from _table_faults(("hooks", "state", name), state, STATE)
    for parent in ("mcp_servers", "plugins", "marketplaces", "projects"):
        for name, value in table(config.get(parent)).items():
            if not isinstance(value, dict):
                yield (parent, name), "must be a table"
    for name, value in table(table(config.get("hooks")).get("state")).items():
        if not isinstance(value, dict):
            yield ("hooks", "state", name), "must be a table"


_SWITCHES = frozenset({"hooks", "codex_hooks", "plugins", "plugin_hooks", "apps"})


def server_faults(key: KeyPath, server: Mapping[str, object]) -> Iterator[Fault]:
    """Why Codex refuses this ``[mcp_servers.NAME]`` table, and the whole file with it."""
    yield from _table_faults(key, server, SERVER)
    yield from _tool_faults(key, server)
    command, url = "command" in server, "url" in server
    if "bearer_token" in server:
        yield (*key, "bearer_token"), "is refused; name a variable in bearer_token_env_var instead"
    if command and url:
        yield (*key, "url"), "cannot stand beside command"
    if not command and not url:
        yield key, "needs a url or a command"
    wrong = _HTTP_ONLY if command else _STDIO_ONLY if url else ()
    for name in wrong:
        if name in server and not (command and url):
            yield (*key, name), f"cannot stand beside {'command' if command else 'url'}"
    for name in ("startup_timeout_sec", "tool_timeout_sec"):
        value = server.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
            yield (*key, name), "must not be negative"


_HTTP_ONLY = (
    "bearer_token_env_var",
    "http_headers",
    "env_http_headers",
    "oauth",
    "oauth_resource",
)
_STDIO_ONLY = ("args", "env", "env_vars", "cwd")


def _tool_faults(key: KeyPath, server: Mapping[str, object]) -> Iterator[Fault]:
    for name, tool in table(server.get("tools")).items():
        if isinstance(tool, dict):
            yield from _table_faults((*key, "tools", name), tool, TOOL)
        else:
            yield (*key, "tools", name), "must be a table"


def _table_faults(
    key: KeyPath, found: Mapping[str, object], kinds: Mapping[str, str]
) -> Iterator[Fault]:
    for name, value in found.items():
        kind = kinds.get(name, "*")
        if not _fits(value, kind):
            wanted = " or ".join(_KIND_NAMES[letter] for letter in kind)
            yield (*key, name), f"must be {wanted}"
        elif name in _WORDS and value not in _WORDS[name]:
            yield (*key, name), f"must be one of {', '.join(_WORDS[name])}"


def _children(
    parent: Mapping[str, object], name: str
) -> Iterator[tuple[str, Mapping[str, object]]]:
    for child, value in table(parent.get(name)).items():
        if isinstance(value, dict):
            yield child, value


def _fits(value: object, kind: str) -> bool:
    return kind == "*" or any(_TESTS[letter](value) for letter in kind)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TESTS: dict[str, Callable[[object], bool]] = {
    # Codex takes a date where it wants text.
    "s": lambda value: not isinstance(value, bool | int | float | list | dict),
    "b": lambda value: isinstance(value, bool),
    "i": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "n": _is_number,
    "a": lambda value: isinstance(value, list),
    "A": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "t": lambda value: isinstance(value, dict),
    "T": lambda value: (
        isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    ),
}
