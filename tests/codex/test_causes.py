"""What follows from something else is told below it, not beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.checks.causes import linked
from mem0_tui.codex.report import Evidence, Finding, Status
from tests.codex.homes import Home
from tests.codex.scenarios import ALL


def test_hooks_that_run_twice_follow_from_the_plugin_that_is_there_twice(tmp_path: Path) -> None:
    wanted = "plugin.two hooks.duplicate"
    scenario = next(each for each in ALL if "plugin.two" in str(each))
    home = Home(tmp_path)
    scenario.build(home)
    report = home.report()
    found = {finding.id: finding for finding in report.findings}
    assert wanted.split() == [name for name in wanted.split() if name in found]
    assert found["hooks.duplicate"].cause == "plugin.two"
    assert "hooks.duplicate" not in {finding.id for finding in report.roots}
    assert report.severity(found["plugin.two"]) is Status.FAIL
    assert found["plugin.two"].fix is not None
    assert report.area("plugin").summary == found["plugin.two"].title
    assert report.area_severity(report.area("plugin")) is Status.FAIL, "one sentence, one sign"


@pytest.mark.parametrize(
    ("recorded", "seen"),
    [
        ("capture.key-refused", "key.refused"),
        ("capture.hooks-unanswered", "mcp.unreachable"),
    ],
)
def test_what_hooks_recorded_follows_from_what_was_seen(recorded: str, seen: str) -> None:
    def made(id_: str) -> Finding:
        return Finding(id_, "hooks", Status.FAIL, id_, evidence=Evidence.OBSERVED)

    alone, together = linked([made(recorded)]), linked([made(recorded), made(seen)])
    assert [each.cause for each in alone] == [None]
    assert [each.cause for each in together] == [seen, None]


def test_a_server_that_answers_again_is_no_failure_of_the_hooks() -> None:
    seen = Evidence.OBSERVED
    recorded = Finding("capture.hooks-unanswered", "hooks", Status.FAIL, "no answer", evidence=seen)
    answers = Finding("mcp.answers", "mcp", Status.OK, "it answers", evidence=seen)
    found = linked([recorded, answers])
    assert [each.status for each in found] == [Status.INFO, Status.OK]
    assert found[0].detail.endswith("it answers now")
