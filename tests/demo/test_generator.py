from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mem0_tui.demo.generator import DEMO_NOW, USERS, generate, generate_histories
from mem0_tui.model.lane import lane_of
from mem0_tui.model.memory import PLUGIN_CATEGORIES, PROTOCOL_TYPES, Memory
from mem0_tui.model.secret import find, redact

_PLUGIN_TYPES = (
    "project_profile",
    "session_summary",
    "compact_summary",
    "auto_capture",
    "bug_fix",
    "health_check",
)
_MADE_UP = "Kupferteich-41x"
_KEY_SHAPES = re.compile(
    r"(?:m0-|sk-|ghp_|gho_|glpat-|xox[abprs]-|npm_|hf_)[A-Za-z0-9_\-]{12,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\beyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|://[^\s:/]+:[^\s@]{6,}@"
)
_JWT_IO_EXAMPLE = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"


@pytest.fixture(scope="module")
def memories() -> list[Memory]:
    return list(generate())


def _fingerprint(memories: list[Memory]) -> str:
    written = json.dumps([asdict(memory) for memory in memories], default=str, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def test_equal_arguments_give_equal_memories(memories: list[Memory]) -> None:
    assert _fingerprint(list(generate())) == _fingerprint(memories)
    assert _fingerprint(list(generate(seed=8))) != _fingerprint(memories)


def test_ids_stay_the_same_when_the_demo_is_opened_on_another_day(memories: list[Memory]) -> None:
    later = list(generate(now=DEMO_NOW + timedelta(days=40)))
    assert {memory.id for memory in later} == {memory.id for memory in memories}


@pytest.mark.parametrize("count", [0, 1, 20, 150, 400, 500, 3_000])
def test_as_many_memories_as_wanted_each_with_an_id_of_its_own(count: int) -> None:
    memories = list(generate(count))
    assert len(memories) == count
    assert len({memory.id for memory in memories}) == count
    assert all(str(UUID(memory.id)) == memory.id for memory in memories)


def test_memories_come_oldest_first_and_end_before_now(memories: list[Memory]) -> None:
    dates = [memory.created_at for memory in memories if memory.created_at]
    assert len(dates) == len(memories)
    assert dates == sorted(dates)
    assert dates[-1] < DEMO_NOW
    assert timedelta(days=150) < dates[-1] - dates[0] < timedelta(days=185)
    for memory in memories:
        assert memory.updated_at
        assert memory.created_at
        assert memory.created_at <= memory.updated_at <= DEMO_NOW


def test_every_type_that_real_stores_hold_is_there(memories: list[Memory]) -> None:
    types = Counter(memory.type for memory in memories)
    assert set(PROTOCOL_TYPES) | set(_PLUGIN_TYPES) <= set(types)
    assert types[None] >= 20
    assert types["session_summary"] >= 30


def test_three_users_share_several_apps_with_agents_and_runs(memories: list[Memory]) -> None:
    assert {memory.scope.user_id for memory in memories if not memory.shared} == set(USERS)
    apps = Counter(memory.scope.app_id for memory in memories)
    assert len(apps) >= 6
    assert apps["shop-api"] > 100
    agents = {memory.scope.agent_id for memory in memories if not memory.shared}
    assert agents == {None, "codex-ci", "review-bot"}
    assert len({memory.scope.run_id for memory in memories}) >= 10


def test_both_generations_of_the_plugin_have_written(memories: list[Memory]) -> None:
    older = [memory for memory in memories if memory.type in PROTOCOL_TYPES]
    newer = [m for m in memories if m.metadata.get("source") == "codex_plugin"]
    assert len(older) > 100
    assert {memory.kind for memory in newer} == set(PLUGIN_CATEGORIES)
    for memory in newer:
        assert memory.type is None
        assert memory.scope.run_id
        assert memory.folders == tuple(memory.metadata["dirs"])
        assert memory.metadata["author"] in USERS
        assert re.fullmatch("[0-9a-f]{40}", memory.metadata["git_sha"])
        assert memory.shared is (memory.scope.user_id is None)
    assert any(memory.metadata["branch"] != "main" for memory in newer)
    lanes = {
        (lane.app_id, lane.digest is not None, lane.local)
        for memory in newer
        if (lane := lane_of(memory.scope.agent_id, memory.scope.app_id)) is not None
    }
    assert {("shop-api", True, False), ("infra", False, False), ("warehouse", True, True)} <= lanes
    shop = {m.scope.agent_id for m in newer if m.shared and m.scope.app_id == "shop-api"}
    assert len(shop) == 2


def test_there_is_something_for_every_part_of_the_screen(memories: list[Memory]) -> None:
    assert any(memory.metadata.get("pinned") is True for memory in memories)
    assert any(memory.text.startswith("[PINNED] ") for memory in memories)
    assert any(memory.immutable for memory in memories)
    assert any(memory.expired(DEMO_NOW.date()) for memory in memories)
    assert any(memory.feedback for memory in memories)
    assert any(memory.synthesized for memory in memories)
    assert sum(bool(memory.categories) for memory in memories) > 60
    assert any(isinstance(memory.metadata.get("confidence"), str) for memory in memories)
    assert any(memory.metadata.get("files") == ["*"] for memory in memories)
    assert any(memory.metadata.get("probe") is True for memory in memories)


def test_what_is_replaced_points_to_a_memory_that_is_there(memories: list[Memory]) -> None:
    by_id = {memory.id: memory for memory in memories}
    replaced = [memory for memory in memories if memory.replaced_by]
    assert replaced
    for memory in replaced:
        newer = by_id[str(memory.replaced_by)]
        assert newer.created_at is not None
        assert memory.created_at is not None
        assert newer.created_at > memory.created_at
    texts = " ".join(by_id[str(memory.replaced_by)].text + memory.text for memory in replaced)
    assert "RS256" in texts
    assert "HS256" in texts
    assert "Friday" in texts


def test_every_key_is_one_that_documentation_shows(memories: list[Memory]) -> None:
    found = [
        key.group()
        for memory in (*memories, *generate(2_000))
        for key in _KEY_SHAPES.finditer(memory.text + json.dumps(dict(memory.metadata)))
    ]
    assert len(found) >= 4
    for key in found:
        assert "EXAMPLE" in key.upper() or key.endswith(_JWT_IO_EXAMPLE) or _MADE_UP in key, key


def test_one_secret_is_found_in_it_and_shown_masked() -> None:
    real = [
        redact(memory.text)
        for memory in generate(400)
        if any(not hit.example for hit in find(memory.text))
    ]
    assert real == ["Staging database: postgres://picker:…@db.staging.internal:5432/warehouse"]


def test_many_memories_are_not_the_same_few_sentences() -> None:
    texts = [memory.text for memory in generate(5_000)]
    assert len(set(texts)) > 0.99 * len(texts)


def test_histories_tell_how_a_memory_came_to_its_text(memories: list[Memory]) -> None:
    histories = generate_histories()
    edited = [memory for memory in memories if len(histories.get(memory.id, ())) > 1]
    assert len(edited) >= 8
    for memory in edited:
        entries = histories[memory.id]
        assert entries[0].event == "ADD"
        assert entries[0].input
        assert entries[-1].new_text == memory.text
        assert [entry.old_text for entry in entries[1:]] == [e.new_text for e in entries[:-1]]
        assert entries[-1].at == memory.updated_at


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone-aware"):
        generate(now=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))
