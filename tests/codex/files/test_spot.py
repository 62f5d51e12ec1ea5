"""Facts say where they were read."""

from __future__ import annotations

from pathlib import Path

from mem0_tui.codex.files.json_doc import json_lines
from mem0_tui.codex.files.text_file import FileState, read
from mem0_tui.codex.files.toml_lines import toml_lines
from tests.codex.homes import Home

TOML = '''# a comment
a = 1
[mcp_servers.mem0]
url = "x" # [no]
s = """
[not.a.table]
"""
arr = [
  1, {x = 2,
   y = 3},
]
[[hooks.Stop]]
matcher = "a"
[[hooks.Stop.hooks]]
command = "c"
[[hooks.Stop]]
[[hooks.Stop.hooks]]
command = "d"
[plugins."mem0@x"]
t = {a.b = 1, c = [1, 2]}
'''


def test_lines_of_toml_keys() -> None:
    lines = toml_lines(TOML)
    assert lines["mcp_servers", "mem0"] == 3
    assert lines["mcp_servers", "mem0", "arr", 1, "y"] == 10
    assert lines["hooks", "Stop", 0, "hooks", 0, "command"] == 15
    assert lines["hooks", "Stop", 1, "hooks", 0, "command"] == 18
    assert lines["plugins", "mem0@x", "t", "a", "b"] == 20
    assert ("not", "a", "table") not in lines
    assert toml_lines(TOML.replace("\n", "\r\n")) == lines


def test_lines_of_json_keys() -> None:
    text = (
        '{"hooks": {\n"Stop": [\n{"matcher":"x",\n"hooks":[{"type":"c"},\n{"a":1}]},\n{}]},\n"z":1}'
    )
    lines = json_lines(text)
    assert lines["hooks", "Stop", 0, "hooks", 1] == 5
    assert lines["hooks", "Stop", 1] == 6
    assert lines["z",] == 7


def test_findings_point_at_the_line(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config(
        '# first\n[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\nenabled = false\n'
    )
    (finding,) = home.report().findings
    assert [str(spot) for spot in finding.where] == [f"{home.config}:4"]


def test_a_broken_file_points_at_line_and_column(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config("model = 'x'\n[features\n")
    (finding,) = home.report().roots
    assert f"{home.config}:2:10" in finding.detail


def test_reading_says_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "bom").write_bytes(b"\xef\xbb\xbfx")
    (tmp_path / "latin").write_bytes(b"\xe9")
    (tmp_path / "big").write_bytes(b"x" * 11)
    assert read(str(tmp_path / "bom")).bom
    assert read(str(tmp_path / "latin")).state is FileState.NOT_UTF8
    assert read(str(tmp_path / "big"), limit=10).state is FileState.TOO_BIG
    assert read(str(tmp_path / "none")).state is FileState.ABSENT
    assert read(str(tmp_path)).state is FileState.DIRECTORY
    assert read("nul\0byte").state is FileState.UNREADABLE
