"""The way of a memory as a drawing and as a column: what it says, in any width, without colour."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mem0_tui.codex.report import InstallReport
from mem0_tui.codex.way.way import Way, read_way
from mem0_tui.presenting.spans import Line, texts
from mem0_tui.presenting.way.column import column
from mem0_tui.presenting.way.drawing import HEIGHT, LEAST_WIDTH, drawing
from mem0_tui.presenting.way.words import station_parts
from mem0_tui.tui.plain_signs import to_ascii
from tests.codex.homes import Home
from tests.codex.scenarios import ALL

NOW = datetime(2027, 1, 1, tzinfo=UTC)
NAMES = ("n_none", "a_env_missing", "h_seed_full", "g3_no_key", "g3_works", "g3_beside_a")

BROKEN_KEY = """\
prompt╭─ config ──────╮  ╭─ plugin ──────╮  ╭─ hooks ───────╮  ┏━ key ━━━━━━━━━┓  ╭─ server ──────╮
─────▶│✓ ok           │─▶│✓ ok           │─▶│✓ ok           │─▶┃✗ breaks here  ┃─✗│– not reached  │
······│config.toml    │··│mem0 0.3.4     │··│8 hooks run    │··┃Mem0's plugin… ┃ ✗│api.mem0.ai    │
      ╰─ configured ──╯  ╰─ configured ┬─╯  ╰─ trusted ─────╯  ┗━ configured ┬━┛  ╰───────────────╯
                                       │                                     ▲          ·  ·
                                       │    ╭─ MCP tools ───╮                │    ╭─ store ───────╮
                                       ╰───▶│✓ ok           │────────────────╯    │– not reached  │
 ✗ key: Mem0's plugin finds no key          │the plugin's   │                     │at Mem0        │
 nothing captured or recalled yet           ╰─ configured ──╯                     ╰───────────────╯
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, InstallReport]:
    found = {}
    for name in NAMES:
        home = Home(tmp_path_factory.mktemp(name))
        next(each for each in ALL if each.name == name).build(home)
        found[name] = home.report()
    return found


def way_of(report: InstallReport) -> Way:
    way = read_way(report)
    assert way is not None
    return way


def drawn(report: InstallReport, width: int = LEAST_WIDTH) -> list[str]:
    return texts(drawing(way_of(report), width, home=report.home, now=NOW).lines)


def in_column(report: InstallReport, width: int) -> list[str]:
    return texts(column(way_of(report), width, home=report.home, now=NOW))


def test_a_break_is_drawn_heavy_and_what_lies_behind_is_cut_off(
    reports: dict[str, InstallReport],
) -> None:
    assert drawn(reports["g3_no_key"]) == BROKEN_KEY.splitlines()


def test_in_a_column_each_station_says_what_is_wrong(reports: dict[str, InstallReport]) -> None:
    assert in_column(reports["h_seed_full"], 60) == [
        "prompt  captures and recalls are not recorded",
        "│ ✓ ok            config config.toml",
        "│ ✓ ok            plugin mem0 0.2.13",
        "├ ✗ breaks here   hooks  18 of 18 hooks are not trusted",
        "├ ✓ ok            tools  the plugin's",
        "│ ✓ ok            key    MEM0_API_KEY",
        "│ ? not checked   server mcp.mem0.ai",
        "╰ ? not checked   store  at Mem0",
        "✗ hooks: 18 of 18 hooks are not trusted",
    ]


def test_what_was_captured_and_recalled_last_stands_beside_it(
    reports: dict[str, InstallReport],
) -> None:
    shown = drawn(reports["g3_works"])
    assert "✓ nothing breaks the way" in shown[-2]
    assert "captured 1mo ago  recalled 1mo ago" in shown[-1]
    assert in_column(reports["g3_works"], 60)[0].startswith("prompt  captured")


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_every_width(name: str, reports: dict[str, InstallReport]) -> None:
    report = reports[name]
    way = way_of(report)
    for width in (*range(LEAST_WIDTH, 140), 160, 220):
        made = drawing(way, width, home=report.home, now=NOW)
        lines = texts(made.lines)
        assert len(lines) == HEIGHT
        assert max(map(len, lines)) <= width
        assert set(made.boxes) == {each.station for each in way.stations}
        for station, box in made.boxes.items():
            assert lines[box.y][box.x] in "╭┏", "a box is where it says"
            assert lines[box.y][box.x + box.width - 1] in "╮┓"
            assert f" {station.value} " in lines[box.y][box.x : box.x + box.width]
    for width in (40, 60, 75, 76, 99):
        assert max(map(len, in_column(report, width))) <= width


@pytest.mark.parametrize("name", NAMES)
def test_it_needs_no_colour_and_nothing_but_ascii(
    name: str, reports: dict[str, InstallReport]
) -> None:
    """Every state has a sign and a word of its own, also in ASCII."""
    report = reports[name]
    for line in (*drawn(report), *in_column(report, 60)):
        assert "?" not in to_ascii(line).replace("? not checked", "")
    signs = {to_ascii(sign) for sign in "✓!✗?·–"}
    assert len(signs) == 6


def test_names_from_files_keep_the_boxes_straight(reports: dict[str, InstallReport]) -> None:
    report = reports["g3_works"]
    assert report.wiring is not None
    words = dict.fromkeys(report.wiring.words, "名前\x1b[2J é́ m0-" + "a1B2" * 9)
    odd = report.replace(wiring=report.wiring.replace(words=words))
    lines = drawn(odd)
    assert lines[0] == drawn(report)[0]
    assert all(line.isprintable() for line in lines)
    assert "a1B2a1B2" not in "".join(lines)
    assert len(lines[2]) == len(drawn(report)[2])


def test_a_station_tells_its_findings_and_their_repair(
    reports: dict[str, InstallReport],
) -> None:
    def told(name: str, station: str) -> str:
        report = reports[name]
        way = way_of(report)
        found = next(each for each in way.stations if each.station.value == station)
        lines: list[Line] = []
        for part in station_parts(found, way, report, NOW):
            lines += part
        return "\n".join(texts(lines))

    key = told("g3_no_key", "key")
    assert "✗ breaks here  key" in key
    assert "export MEM0_API_KEY" in key
    behind = told("g3_no_key", "server")
    assert "– not reached  server" in behind
    assert "Because\n  Mem0's plugin finds no key" in behind
    assert "asking Codex and the server" in told("h_seed_full", "store")
    assert "by the plugin's records" in told("g3_works", "server")
    assert "captured  " in told("g3_works", "hooks")
