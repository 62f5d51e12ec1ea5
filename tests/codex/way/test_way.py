"""What the way of a memory shows of the installs that people have, station by station."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.codex.capture.hook_log import read_log
from mem0_tui.codex.report import Evidence, Finding, InstallReport, Status
from mem0_tui.codex.way.activity import HookOutcome, read_hook_activity
from mem0_tui.codex.way.recorded import recorded_by_hooks
from mem0_tui.codex.way.station import Route, State, Station
from mem0_tui.codex.way.way import Way, read_way
from tests.codex.homes import Home
from tests.codex.plugin3 import Evidence as Evidence3
from tests.codex.scenarios import ALL
from tests.codex.setup.test_install import VARIABLE, installed, wish

_SIGNS = {
    State.OK: "ok",
    State.WARNING: "warning",
    State.BROKEN: "broken",
    State.UNCHECKED: "?",
    State.ABSENT: "-",
    State.UNREACHED: "/",
}


def scenario(name: str) -> Callable[[Home], object]:
    return next(each.build for each in ALL if each.name == name)


def own(way: str, *, trusted: bool = True, log: str = "") -> Callable[[Home], object]:
    """This program's own install: `codex install`, as a plugin or in parts."""

    def build(home: Home) -> None:
        home.environ[VARIABLE] = "m0-local-key-for-tests"
        home.environ["XDG_STATE_HOME"] = str(home.root / "state")
        installed(home, wish(home, way))
        if trusted:
            home.trust()
        folder = home.root / "state/mem0-tui/hooks"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hooks.log").write_text(log)

    return build


def way_of(report: InstallReport) -> Way:
    way = read_way(report)
    assert way is not None
    return way


def states(way: Way) -> str:
    """The states in order, ``*`` at the one where the way breaks first."""
    return " ".join(_SIGNS[each.state] + "*" * each.first_break for each in way.stations)


LOG = """\
2026-11-30T15:00:00Z SessionStart 9 lines (31 ms)
2026-11-30T15:10:00Z UserPromptSubmit nothing new (11 ms)
2026-11-30T15:20:00Z Stop added (40 ms)
2026-11-30T15:30:00Z Stop unchanged (20 ms)
"""
DOWN = "2026-11-30T16:20:00Z UserPromptSubmit ExchangeError: connection refused (4 ms)\n"

#                          config plugin hooks tools key server store
CASES = [
    ("nothing", scenario("n_none"), "ok - - - - - -", ""),
    ("only MCP", scenario("a_ok"), "ok - - ok ok ? ?", ""),
    ("only MCP, no key", scenario("a_env_missing"), "ok - - broken broken* / /", "tools@key"),
    ("0.2", scenario("b_ok"), "ok ok ok ok ok ? ?", ""),
    (
        "0.2, untrusted",
        scenario("b_untrusted"),
        "ok ok warning* ok ok ? ?",
        "capture@hooks recall@hooks",
    ),
    (
        "0.2, no key",
        scenario("b_env_missing"),
        "ok ok ok broken broken* / /",
        "capture@key recall@key tools@key",
    ),
    ("0.3, as recorded", scenario("g3_works"), "ok ok ok ok ok ok ok", ""),
    ("0.3, never used", scenario("g3_trusted"), "ok ok ok ok ok ? ?", ""),
    (
        "0.3, no key",
        scenario("g3_no_key"),
        "ok ok ok ok broken* / /",
        "capture@key recall@key tools@key",
    ),
    (
        "0.3, the server has no key",
        scenario("g3_key_option"),
        "ok ok ok ok broken* ? ?",
        "tools@key",
    ),
    (
        "0.3, paused",
        scenario("g3_paused"),
        "ok ok warning* ok ok ? ?",
        "capture@hooks recall@hooks",
    ),
    ("0.3, not sent", scenario("g3_auto_flush_off"), "ok ok warning* ok ok ? ?", "capture@hooks"),
    ("0.3, no answer", scenario("g3_searches_fail"), "ok ok ok ok ok broken* ?", "recall@server"),
    ("0.3 and an entry of config.toml", scenario("g3_beside_a"), "ok ok ok ok ok ? ?", ""),
    (
        "the plugin is off",
        scenario("b_plugin_disabled"),
        "ok warning* / / / / /",
        "capture@plugin recall@plugin tools@plugin",
    ),
    (
        "settings that Codex refuses",
        scenario("c_plugin_with_fault"),
        "broken* / / / / / /",
        "capture@config recall@config tools@config",
    ),
    ("some hooks are off", scenario("h_state_disabled"), "ok - warning ok ok ? ?", ""),
    ("hooks run twice", scenario("h_seed_full_trusted"), "ok ok broken* ok ok ? ?", ""),
    ("ours", own("plugin"), "ok ok ok ok ok ? ?", ""),
    ("ours, as logged", own("plugin", log=LOG), "ok ok ok ok ok ok ok", ""),
    ("ours, one try without an answer", own("plugin", log=LOG + DOWN), "ok ok ok ok ok ? ?", ""),
    (
        "ours, down of late",
        own("plugin", log=LOG + DOWN * 2),
        "ok ok ok ok ok broken* ?",
        "capture@server recall@server",
    ),
    ("ours, up again", own("plugin", log=DOWN * 2 + LOG), "ok ok ok ok ok ok ok", ""),
    ("ours in parts", own("mcp+hooks"), "ok - ok ok ok ? ?", ""),
    (
        "ours, untrusted",
        own("plugin", trusted=False),
        "ok ok warning* ok ok ? ?",
        "capture@hooks recall@hooks",
    ),
]


@pytest.mark.parametrize(
    ("build", "shown", "stops"),
    [case[1:] for case in CASES],
    ids=[case[0].replace(" ", "-") for case in CASES],
)
def test_the_way(build: Callable[[Home], object], shown: str, stops: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    build(home)
    way = way_of(home.report())
    assert states(way) == shown
    ends = [f"{route.value}@{way.stops[route].value}" for route in Route if route in way.stops]
    assert " ".join(ends) == stops


def test_without_the_shells_variable_our_hooks_go_on_with_the_keys_file(tmp_path: Path) -> None:
    """They take the key from its file, which Codex does not do for the tools."""
    home = Home(tmp_path)
    own("plugin", log=LOG)(home)
    del home.environ[VARIABLE]
    way = way_of(home.report())
    assert states(way) == "ok ok ok broken broken* / /", "there is no file yet"
    (home.folder / ".local/share/mem0-tui/serve.key").write_text("m0-local-key-for-tests")
    way = way_of(home.report())
    assert states(way) == "ok ok ok broken broken* ok ok"
    assert way.stops == {Route.TOOLS: Station.KEY}
    assert way.at(Station.KEY).evidence is Evidence.CONFIGURED


def test_what_is_seen_live_is_not_unchecked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    scenario("a_ok")(home)
    report = home.report()

    def seen(*found: tuple[str, Status]) -> Way:
        more = [
            Finding(id_, id_.split(".")[0], status, id_, evidence=Evidence.OBSERVED)
            for id_, status in found
        ]
        return way_of(report.replace(findings=(*report.findings, *more)))

    answers = seen(("mcp.answers", Status.OK), ("key.accepted", Status.OK))
    assert states(answers) == "ok - - ok ok ok ?"
    assert states(seen(("mcp.searches", Status.OK))) == "ok - - ok ok ok ok"
    down = seen(("mcp.unreachable", Status.FAIL))
    assert states(down) == "ok - - ok ok broken* /"
    assert down.at(Station.SERVER).evidence is Evidence.OBSERVED
    refused = seen(("key.rejected", Status.FAIL))
    assert states(refused) == "ok - - ok broken* / /"


def test_evidence_is_told_of_each_station(tmp_path: Path) -> None:
    home = Home(tmp_path)
    scenario("g3_works")(home)
    way = way_of(home.report())
    told = {each.station.value: (each.evidence, each.recorded) for each in way.stations}
    assert told["config"] == (Evidence.CONFIGURED, False)
    assert told["hooks"] == told["server"] == (Evidence.OBSERVED, True)
    assert way.recorded is not None
    assert way.recorded.captured is not None
    assert way.recorded.recalled is not None
    assert way.recorded.captured < way.recorded.recalled


def test_the_log_of_our_hooks(tmp_path: Path) -> None:
    def told(text: str) -> tuple[datetime | None, datetime | None, bool, str | None]:
        (tmp_path / "hooks.log").write_text(text)
        found = recorded_by_hooks(read_log(str(tmp_path)))
        return found.captured, found.recalled, found.works, found.failed

    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 11, 30, hour, minute, tzinfo=UTC)

    assert read_log(str(tmp_path)) == (), "no log"
    assert told("") == (None, None, False, None)
    assert told(LOG) == (at(15, 20), at(15, 0), True, None)
    assert told(LOG + DOWN)[2:] == (False, "ExchangeError: connection refused")
    assert told(DOWN + LOG)[2:] == (True, None)
    empty = "2026-11-30T16:20:00Z SessionStart 1 lines (9 ms)\n"
    assert told(empty) == (None, None, True, None), "a store that holds nothing, and answers"
    ended = "2026-11-30T16:20:00Z Stop ran out of time\n"
    assert told(LOG + ended)[2:] == (False, "ran out of time")
    assert told("2026-11-30T16:20:00Z Stop switched off by MEM0_TUI_HOOKS (1 ms)\n")[2] is False
    assert told("\x00\xff no log\n\nat all") == (None, None, False, None)
    assert told("x" * 100_000 + "\n" + LOG)[0] == at(15, 20), "only its end is read"


def test_what_hooks_did_lately_is_told_newest_first(tmp_path: Path) -> None:
    def told(home: Home) -> list[tuple[HookOutcome, str]]:
        return [(each.outcome, each.words) for each in read_hook_activity(home.scan())]

    ours, plugin, former = (Home(tmp_path / name) for name in ("ours", "plugin", "former"))
    own("plugin", log=LOG + DOWN)(ours)
    assert told(ours) == [
        (HookOutcome.FAILED, "a hook at a prompt"),
        (HookOutcome.NOTHING, "at the end of a turn: unchanged"),
        (HookOutcome.CAPTURED, "the session's note was added at the end of a turn"),
        (HookOutcome.NOTHING, "at a prompt: nothing new"),
        (HookOutcome.RECALLED, "8 memories given at the start of a session"),
    ]
    plugin.option_b3()
    evidence = Evidence3(plugin.data3)
    evidence.flush("semantic-succeeded", hours=5).recall("x", hours=4).recall("y", hours=4)
    evidence.flush("prepared", hours=3).search("timed out", hours=2).flush("gave-up", hours=1)
    assert told(plugin) == [
        (HookOutcome.FAILED, "a part of a session was given up"),
        (HookOutcome.FAILED, "a search got no answer"),
        (HookOutcome.WAITING, "a part of a session waits to be sent (session-end)"),
        (HookOutcome.RECALLED, "2 memories given to a session"),
        (HookOutcome.CAPTURED, "a part of a session was sent (session-end)"),
    ]
    (plugin.data3 / "evidence.sqlite3").write_bytes(b"?" * 5000)
    assert told(plugin) == [], "a broken database is the doctor's to tell of"
    former.option_b()
    assert told(former) == []


@pytest.mark.parametrize(
    ("name", "station", "words"),
    [
        ("m_server_inline", Station.KEY, "none set"),
        ("a_literal_header", Station.KEY, "in config.toml"),
        ("a_headers_helper", Station.KEY, "from a program"),
        ("a_stdio_ok", Station.KEY, "none needed"),
        ("c_malformed", Station.KEY, ""),
        ("c_malformed", Station.SERVER, ""),
        ("a_neither", Station.KEY, ""),
        ("ab_ok", Station.TOOLS, "config.toml's, not the plugin's"),
        ("p_both", Station.TOOLS, "mem0@mem0-plugins, not mem0@other"),
    ],
)
def test_what_stands_at_a_station_does_not_contradict_its_finding(
    tmp_path: Path, name: str, station: Station, words: str
) -> None:
    home = Home(tmp_path)
    scenario(name)(home)
    assert way_of(home.report()).at(station).words == words
