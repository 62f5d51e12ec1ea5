"""Plugin 0.3: its keys, its service, what it sent and recalled, and the upgrade from 0.2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.codex.homes import Home, Scenario
from tests.codex.lookalike import write_json
from tests.codex.plugin3 import Evidence

KEY = "MEM0_API_KEY"
REFUSED = "HTTP Error 401: Unauthorized"
DOWN = "<urlopen error [Errno 111] Connection refused>"


def _p(*changes: Callable[[Home], object]) -> Callable[[Home], None]:
    """Plugin 0.3, its hooks trusted, then *changes*."""

    def build(home: Home) -> None:
        home.option_b3()
        home.trust()
        for change in changes:
            change(home)

    return build


def _unset(home: Home) -> None:
    del home.environ[KEY]


def _env(**values: str) -> Callable[[Home], None]:
    return lambda home: home.environ.update(values)


def _dotenv(text: str) -> Callable[[Home], object]:
    return lambda home: (home.codex_home / ".env").write_text(text)


def _settings_key(home: Home) -> None:
    write_json(home.folder / ".mem0/config.json", {"platform": {"api_key": "m0-" + "s3t" * 9}})


def _key_file(
    folder: Callable[[Home], Path], key: str = "m0-" + "f1l" * 9
) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        folder(home).mkdir(parents=True, exist_ok=True)
        (folder(home) / "api-key").write_text(key + "\n")

    return build


def _older_core(home: Home) -> None:
    for root in (home.cached3, home.source3):
        (root / "core/memory_core.py").write_text("# reads no settings\n")
    home.trust()


def _server_folder(home: Home) -> Path:
    return home.folder / ".mem0/mem0-plugin"


def _skills_folder(home: Home) -> Path:
    return home.folder / ".mem0/codex-plugin"


def _data(home: Home) -> Path:
    return home.data3


def _record(
    fill: Callable[[Evidence], object], folder: Callable[[Home], Path] = _data
) -> Callable[[Home], object]:
    return lambda home: fill(Evidence(folder(home)))


def _failed(status: str) -> Callable[[Home], object]:
    return _record(lambda e: e.flush("semantic-succeeded", days=3).flush(status, DOWN, hours=2))


def _python(version: str) -> Callable[[Home], None]:
    """python3 as a virtual environment of that version."""

    def build(home: Home) -> None:
        folder = home.root / "env"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python3").write_text("#!/bin/sh\n")
        (folder / "bin/python3").chmod(0o755)
        (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
        home.environ["PATH"] = f"{folder / 'bin'}:{home.environ['PATH']}"

    return build


def _no_python(home: Home) -> None:
    (home.root / "bin/python3").unlink()


def _file(name: str, text: str) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.data3.mkdir(parents=True, exist_ok=True)
        (home.data3 / name).write_text(text)

    return build


def _seed(home: Home) -> None:
    """What Mem0's page of 0.2.13 says to do, done and trusted."""
    home.option_b()
    home.installer()
    home.add_config("[features]\ncodex_hooks = true\n")
    home.trust()


def _pulled(home: Home) -> None:
    _seed(home)
    home.pull3()


def _added(home: Home, *, keep: bool = False) -> None:
    _seed(home)
    home.pull3(keep=keep)
    home.add_plugin(home.source3)


def _both(home: Home) -> None:
    _added(home, keep=True)
    home.trust()


def _cleaned(home: Home) -> None:
    """The right end: no handlers in hooks.json, the new name of the switch, 0.3 trusted."""
    _added(home)
    home.hooks.unlink()
    text = home.config.read_text()
    home.write_config(text[: text.index("[hooks.state")].replace("codex_hooks", "hooks"))
    home.trust()


def _s(
    name: str,
    build: Callable[[Home], None],
    areas: str = "",
    findings: str = "",
    install: str = "plugin",
) -> Scenario:
    return Scenario(name, build, areas, findings, install)


SCENARIOS = [
    _s("g3_fresh", lambda home: home.option_b3(), "hooks=warn", "hooks.untrusted"),
    _s("g3_trusted", _p()),
    # The key, as hooks and server find it.
    _s("g3_no_key", _p(_unset), "key=fail", "key.plugin-missing"),
    _s("g3_empty_key", _p(_env(MEM0_API_KEY="")), "key=fail", "key.plugin-missing"),
    _s("g3_key_dotenv", _p(_unset, _dotenv(f'export {KEY}="m0-{"d0t" * 9}"\n'))),
    _s("g3_key_settings", _p(_unset, _settings_key)),
    _s(
        "g3_key_settings_older",
        _p(_unset, _settings_key, _older_core),
        "key=fail",
        "key.plugin-missing",
    ),
    _s("g3_key_file", _p(_unset, _key_file(_data)), "key=fail", "key.plugin-missing"),
    _s(
        "g3_key_option",
        _p(_unset, _env(PLUGIN_OPTION_API_KEY="m0-" + "0pt" * 9)),
        "key=fail",
        "key.server-missing",
    ),
    _s(
        "g3_key_option_and_server_file",
        _p(
            _unset,
            _env(CLAUDE_PLUGIN_OPTION_API_KEY="m0-" + "0pt" * 9),
            _key_file(_server_folder),
        ),
        "key=warn",
        "key.different",
    ),
    _s("g3_key_shape", _p(_env(MEM0_API_KEY="sk-" + "x1" * 20)), "key=warn", "key.shape"),
    _s(
        "g3_key_refused",
        _p(_record(lambda e: e.search(REFUSED, hours=2).search(REFUSED, hours=1))),
        "key=fail hooks=fail",
        "capture.key-refused",
    ),
    # The service.
    _s("g3_url", _p(_env(MEM0_API_URL="http://127.0.0.1:9/"))),
    _s("g3_url_empty", _p(_env(MEM0_API_URL="")), "mcp=fail", "mcp.api-url"),
    _s("g3_url_words", _p(_env(MEM0_API_URL="api.mem0.ai")), "mcp=fail", "mcp.api-url"),
    _s("g3_url_mcp", _p(_env(MEM0_API_URL="https://mcp.mem0.ai/mcp")), "mcp=fail", "mcp.api-url"),
    _s(
        "g3_url_plain",
        _p(_env(MEM0_API_URL="http://mem0.example:8000")),
        "mcp=warn",
        "mcp.plain-http",
    ),
    _s(
        "g3_beside_a",
        _p(lambda home: home.option_a()),
        "mcp=info",
        "mcp.shadows-plugin",
        "both",
    ),
    # Python.
    _s("g3_python_old", _p(_python("3.9.6")), "mcp=fail hooks=fail", "hooks.python-old"),
    _s("g3_python_new", _p(_python("3.12.1"))),
    Scenario(
        "g3_python_missing",
        _p(_no_python),
        "mcp=fail hooks=fail",
        "hooks.python-missing",
        "plugin",
        real=False,  # the real Codex is found on a PATH that has a python3
    ),
    # What it did.
    _s("g3_paused", _p(_record(lambda e: e.paused(days=3))), "hooks=warn", "capture.paused"),
    _s("g3_resumed", _p(_record(lambda e: e.paused("false", days=3)))),
    _s(
        "g3_pause_skills",
        _p(_record(lambda e: e.paused(days=3), _skills_folder)),
        "hooks=warn",
        "capture.pause-elsewhere",
    ),
    _s(
        "g3_pause_server",
        _p(_record(lambda e: e.paused(days=3), _server_folder)),
        "hooks=warn",
        "capture.pause-elsewhere",
    ),
    _s(
        "g3_pause_all",
        _p(
            _record(lambda e: e.paused(days=3)),
            _record(lambda e: e.paused(days=3), _skills_folder),
        ),
        "hooks=warn",
        "capture.paused",
    ),
    _s(
        "g3_works",
        _p(
            _record(
                lambda e: (
                    e.flush("semantic-succeeded", hours=2).recall("x", hours=1).search(hours=1)
                )
            )
        ),
        findings="capture.sent",
    ),
    _s(
        "g3_given_up",
        _p(_record(lambda e: e.flush("gave-up", DOWN, days=2))),
        "hooks=fail",
        "capture.failing",
    ),
    _s(
        "g3_given_up_once",
        _p(
            _record(lambda e: e.flush("gave-up", DOWN, days=2).flush("semantic-succeeded", hours=2))
        ),
        "hooks=warn",
        "capture.given-up capture.sent",
    ),
    *(
        _s(f"g3_{status}", _p(_failed(status)), "hooks=fail", "capture.failing")
        for status in ("error", "semantic-failed", "semantic-timeout", "semantic-missing")
    ),
    _s(
        "g3_waiting",
        _p(_record(lambda e: e.flush("prepared", days=1))),
        "hooks=info",
        "capture.waiting",
    ),
    _s("g3_waiting_now", _p(_record(lambda e: e.flush("semantic-queued", seconds=20)))),
    _s(
        "g3_searches_fail",
        _p(_record(lambda e: e.search(hours=9).search(DOWN, hours=2).search("timed out", hours=1))),
        "hooks=fail",
        "capture.searches-fail",
    ),
    _s("g3_one_search_slow", _p(_record(lambda e: e.search(hours=9).search("timed out", hours=1)))),
    _s(
        "g3_auto_flush_off",
        _p(_env(MEM0_CODE_AUTO_FLUSH="false")),
        "hooks=warn",
        "capture.not-sent",
    ),
    _s(
        "g3_moved_data",
        _p(
            lambda home: home.environ.update(MEM0_CODE_DATA_DIR=str(home.folder / "elsewhere")),
            _record(lambda e: e.paused(days=1), lambda home: home.folder / "elsewhere"),
            _record(lambda e: e.flush("gave-up", DOWN, days=2)),
        ),
        "hooks=warn",
        "capture.paused",
    ),
    _s(
        "g3_hook_error",
        _p(_file("plugin-errors.log", "1764400000.123 OperationalError: disk I/O error\n")),
        "hooks=warn",
        "capture.hook-error",
    ),
    _s(
        "g3_worker_error",
        _p(_file("flush-worker.log", '{"reason":"no-session-id","status":"error"}\n')),
        "hooks=warn",
        "capture.worker-error",
    ),
    _s(
        "g3_worker_fine",
        _p(_file("flush-worker.log", '{"status":"error"}\n{"status":"nothing-to-flush"}\n')),
    ),
    _s(
        "g3_database_broken",
        _p(_file("evidence.sqlite3", "?" * 5000)),
        "hooks=warn",
        "capture.database",
    ),
    _s(
        "g3_database_foreign",
        _p(
            lambda home: Evidence(home.data3, "CREATE TABLE other (x);"),
        ),
        "hooks=warn",
        "capture.database",
    ),
    _s(
        "g3_database_set_aside",
        _p(_file("evidence.sqlite3.corrupt-1764400000", "?")),
        "hooks=info",
        "capture.set-aside",
    ),
    # The upgrade from 0.2.13, stage by stage.
    _s(
        "g_upgrade_1_pulled",
        _pulled,
        "plugin=info hooks=fail config=info",
        "plugin.update hooks.script-missing config.deprecated-alias",
    ),
    _s(
        "g_upgrade_2_added",
        _added,
        "hooks=fail config=info",
        "hooks.former-generation hooks.untrusted hooks.stale-trust config.deprecated-alias",
    ),
    _s(
        "g_upgrade_3_both_run",
        _both,
        "hooks=fail config=info",
        "hooks.former-generation hooks.stale-trust config.deprecated-alias",
    ),
    _s("g_upgrade_4_done", _cleaned),
]
