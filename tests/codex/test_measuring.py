"""What the rules say beside kinds and words, measured again with the Codex that they are of."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex.facts.bindings import binding_fault
from mem0_tui.codex.facts.config_rules import unknown
from mem0_tui.codex.rules import load, versions
from scripts.codexrules import session
from scripts.codexrules import unknown as passedover
from scripts.codexrules.bindings import key_rule
from scripts.codexrules.hooks import Asked, hooks
from scripts.codexrules.judge import Judge, native_program
from scripts.codexrules.names import Candidates
from scripts.codexrules.plugindocs import marketplace
from scripts.codexrules.probe import learn
from scripts.codexrules.providers import settings_of
from scripts.codexrules.shape import contexts, fitting, shown, split, text
from scripts.codexrules.skills import skill
from scripts.codexrules.tidy import tidied
from scripts.codexrules.walk import below, counts

pytestmark = [pytest.mark.codex, pytest.mark.slow]

NEWEST = load(versions()[-1])
CONFIG = NEWEST.document("config")
EVERYTHING = bool(os.environ.get("MEM0_TUI_ALL_RULES"))
NEEDING = ("default_permissions", "features", "hooks", "model_provider", "permissions")
"""Settings whose rules tell of others as well, or of every feature."""
TABLES = [
    way
    for way, rule in CONFIG.items()
    if "t" in rule["is"]
    and not rule.keys() & {"one", "unsure"}
    and (not way.startswith("hooks") or way.startswith("hooks.state"))
]
TOPS = sorted({split(way)[0] for way in CONFIG} - set(NEEDING))
VALUES: tuple[object, ...] = (True, "any", {}, [], 1)
QUEUE = "tui.keymap.composer.queue"


@pytest.fixture(scope="module")
def judge(codex_program: Callable[[str], str]) -> Iterator[Judge]:
    folder = Path(codex_program(NEWEST.version)).parents[2]
    with Judge(native_program(folder), quick=True) as found:
        learn(CONFIG)
        yield found


def sample(ways: list[str], count: int) -> list[str]:
    """*count* of *ways*, others with each release."""
    return ways if EVERYTHING else random.Random(NEWEST.version).sample(ways, count)


def test_a_codex_that_ends_without_an_answer_is_asked_anew(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic or a kill says nothing about the values that are asked about next."""
    with Judge(judge.program, quick=True) as other:
        with monkeypatch.context() as patched:
            patched.setattr(session, "_PATIENCE", 0.0)
            assert other.ask('model = "x"').taken
            assert not other.ask("model = 1").taken
            assert other.shown("") == {}
        assert "model" in other.shown("")
        assert "string" in other.ask("model = 1").said


def test_what_codex_shows_of_a_table_is_known(judge: Judge) -> None:
    for way in ["", *sample(TABLES, 40)]:
        path = split(way) if way else ()
        at = fitting(path, CONFIG)
        names = shown(judge, path, at) - {*contexts(path)[0]} - NEWEST.names("config", way)
        if f"{way}.*" not in CONFIG:
            assert [name for name in names if counts(judge, (*path, name), at)] == [], way


def test_what_codex_shows_and_does_not_read_is_no_setting(judge: Judge) -> None:
    assert "client_search_provider" in shown(judge, ())
    assert not counts(judge, ("client_search_provider",))
    assert counts(judge, ("tools", "client_search_provider"))
    assert NEWEST.rule("config", "client_search_provider") == {}


def test_whole_tables_measured_anew_are_those_that_are_kept(judge: Judge) -> None:
    """All that measuring does of them, with the names that the rules know."""
    names = Candidates.of({part for way in CONFIG for part in split(way)} - {"*", "[]"})
    whole = {top: [way for way in CONFIG if split(way)[0] == top] for top in TOPS}
    tops = sample([top for top, ways in whole.items() if 2 < len(ways) < 7], 2)

    found = tidied(judge, below(judge, names, [(top,) for top in tops], lambda _: None), names)
    passedover.mark(judge, found, names, NEWEST.features)

    assert found == {way: CONFIG[way] for top in tops for way in whole[top]}


def test_tables_in_which_an_unknown_name_is_ignored(judge: Judge) -> None:
    for way in sample(TABLES, 25):
        rule = CONFIG[way]
        mark = next((mark for mark in ("open", "listed") if mark in rule), None)
        assert passedover.table_mark(judge, CONFIG, way) == mark, way


def test_the_doctor_and_strict_config_know_the_same_names(judge: Judge) -> None:
    """A name that is none, and one that is, in many tables."""
    for way in sample(TABLES, 40):
        path = split(way)
        at, filled = fitting(path, CONFIG), contexts(path)[0]
        for value in VALUES:
            document = text(path, {**filled, "zz_unknown": value}, at)
            if not judge.ask(document).taken:
                continue
            found = list(unknown(_parsed(document), NEWEST))
            assert judge.strict(document).taken == (found == []), document
            break


def _parsed(document: str) -> Mapping[str, Any]:
    import tomllib

    return tomllib.loads(document)


def test_what_a_project_may_not_set(judge: Judge) -> None:
    known = sorted(way for way, rule in CONFIG.items() if rule.get("project") is False)

    found = passedover.left_out_of_projects(judge, {w: dict(r) for w, r in CONFIG.items()})

    assert found == known


def test_names_of_features_from_earlier(judge: Judge) -> None:
    former = CONFIG["features"]["former"]
    assert "codex_hooks" in former

    names = Candidates.of([*former, "zz_unknown", "hook", "plugin"])
    found = passedover.former_features(judge, names, NEWEST.features)

    assert found == sorted(former)


def test_how_a_key_is_written(judge: Judge) -> None:
    assert key_rule(judge, QUEUE) == CONFIG[QUEUE]["keys"]


def test_keys_at_random(judge: Judge) -> None:
    keys = CONFIG[QUEUE]["keys"]
    parts = [
        *(name for group in keys["modifiers"] for name in group),
        *(*keys["names"], *keys["first"], "f1", "f24", "f25", "a", "Z", "?", "é", "zz"),
    ]
    draw = random.Random(NEWEST.version)
    for _ in range(600):
        strokes = ("-".join(draw.choices(parts, k=draw.choice((1, 1, 2, 3)))) for _ in range(3))
        written = draw.choice((" ", " ", "  ", "+")).join(
            list(strokes)[: draw.choice((1, 1, 2, 3))]
        )
        taken = bool(judge.shown(text(split(QUEUE), written)))
        assert (binding_fault(written, keys) is None) == taken, written


def test_what_may_be_changed_of_a_provider_that_is_built_in(judge: Judge) -> None:
    names = Candidates.of(NEWEST.names("config", "model_providers.*"))

    found = settings_of(judge, "gcp", names)

    kept = {w: r for w, r in CONFIG.items() if (w + ".").startswith("model_providers.gcp.")}
    assert {way: _without_marks(rule) for way, rule in kept.items()} == found


def _without_marks(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in rule.items() if key not in ("open", "listed")}


def test_defaults(judge: Judge) -> None:
    defaults = {way: rule["default"] for way, rule in CONFIG.items() if "default" in rule}

    assert defaults == {way: judge.shown("")[way] for way in defaults}
    assert "project_root_markers" in defaults


def test_hooks(judge: Judge) -> None:
    assert hooks(judge) == dict(NEWEST.document("hooks"))


def test_hooks_are_asked_about_again_where_codex_was_ended(judge: Judge) -> None:
    asked = Asked(judge, [])
    try:
        handler = {"hooks": {asked.event: [{"hooks": [{"type": "command"}]}]}}
        said = asked.refusal(handler)
        assert said is not None
        assert "missing field" in said
        asked.session.kill()
        assert asked.refusal(handler) == said
    finally:
        asked.session.close()


def test_front_matter(judge: Judge) -> None:
    assert skill(judge) == dict(NEWEST.document("skill"))


def test_marketplaces(judge: Judge) -> None:
    assert marketplace(judge) == dict(NEWEST.document("marketplace"))
