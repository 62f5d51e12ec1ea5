"""What every backend promises about reading: the same memories, complete, and no made-up total."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mem0_tui.backends.base import scan
from mem0_tui.backends.paging.ordering import ordered
from mem0_tui.model import query
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    AuthError,
    InvalidRequestError,
    NotFoundError,
    UnsupportedError,
)
from mem0_tui.model.filter import And, Or, belongs_to, matches
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.page import Sort
from tests.contract.conftest import NOW, Bench

pytestmark = pytest.mark.anyio

HOSTILE = (
    "\x1b[31mred\x1b[0m \x07 \x9b2J",
    "‮evil‬ zero​width ﻿",
    "[red]markup[/red] {{template}} %s ${HOME} `rm -rf`",
    "'; DROP TABLE memories; -- \" \\",
    "emoji 👩‍👩‍👧 ñ é Ω 汉字 עברית",
    "line one\n\n  line two\r\n\ttab",
    "* ? / .. %2F & = #",
    "a" * 20_000,
)


def draft(text: str, scope: Scope, days_old: int, **metadata: Any) -> Draft:
    created = NOW - timedelta(days=days_old)
    return Draft(text, scope, metadata, created_at=created)


SHOP = Scope(user_id="kim", app_id="shop-api")
LANE = Scope(agent_id="shop-api-b1c397fde9", app_id="shop-api")
INFRA = Scope(user_id="kim", app_id="infra", run_id="run-1")
DRAFTS = (
    draft(
        "Auth module uses JWT with RS256 keys",
        SHOP,
        1,
        type="decision",
        branch="main",
        session_id="S-1",
    ),
    draft("Never use HS256: the key leaked", SHOP, 5, type="anti_pattern", confidence="0.9"),
    draft("Token refresh failed until clock skew", SHOP, 9, type="task_learning", confidence=0.2),
    draft("[PINNED] Deploy with make release", INFRA, 40, type="convention", pinned=True),
    draft("Terraform state lives in the bucket", INFRA, 90, files=["main.tf", "vars.tf"]),
    draft("Lee prefers tabs", Scope(user_id="lee"), 2, type="user_preference"),
    draft("The bot answers in short sentences", Scope(user_id="kim", agent_id="bot"), 3),
    draft("数据库API迁移需要评审 " + "ve\u0301rite\u0301 ＦＵＬＬ", Scope(user_id="wei"), 6),
    draft("한국어 문서를 검토한다; ฐานข้อมูล; key AKIA123", Scope(user_id="wei"), 7),
    draft("Carts expire after a day", LANE, 8, author="kim", dirs=["src", "src/cart"]),
    draft("Straße, ÑANDÚ and İstanbul", Scope(user_id="lee", app_id="geo/ü"), 4, type="Ünïcode"),
)

QUERIES = (
    "",
    "type:decision",
    "type:decision,convention",
    "-type:decision",
    "type:none",
    "user:kim",
    "user:kim app:shop-api",
    "user:kim -app:shop-api",
    "app:*",
    "app:none",
    "app:geo/ü",
    "agent:bot",
    "run:run-1 user:kim",
    "user:lee,nobody",
    "user:k*",
    "age>30d",
    "age<4d user:kim",
    "created:2026-05..",
    "key",
    "straße",
    "STRASSE istanbul",
    "vérité full",
    "verite",
    "评审",
    "审",
    "数据库 api",
    "-迁移 user:wei",
    "검토",
    "문서",
    "ข้อมูล",
    "AKIA*",
    "AKI?123",
    "-akia* user:wei",
    "user:W*",
    "user:w*",
    '"HS256: the"',
    "-key user:kim",
    "confidence<0.5",
    "confidence>0.5",
    "pinned:yes",
    "meta.branch:main",
    "has:branch",
    "file:vars.tf",
    "length>30 type:*",
    "user:nobody",
    "kind:decision",
    "kind:decision,convention",
    "-kind:decision",
    "kind:none",
    "kind:workflows",
    "shared:yes",
    "shared:no user:kim",
    "app:shop-api shared:no",
    "folder:src/",
    "folder:src/cart author:kim",
    "author:none app:shop-api",
    "session:run-1,s-1",
    "session:none user:kim",
    "has:session",
)


async def fill(bench: Bench) -> list[Memory]:
    return [await bench.backend.add(each) for each in DRAFTS]


async def test_it_says_what_it_is_and_keeps_its_key(bench: Bench) -> None:
    info = await bench.backend.info()
    assert info.backend == bench.backend.name
    assert info.target
    if bench.secret:
        assert bench.secret not in repr(info) + repr(vars(bench.backend))


async def test_a_wrong_key_is_an_auth_error(bench: Bench) -> None:
    assert bench.with_key is not None
    stranger = bench.with_key("m0-wrong-wrong-wrong")
    with pytest.raises(AuthError):
        await stranger.info()
    with pytest.raises(AuthError):
        await stranger.list()
    await stranger.aclose()


async def test_every_query_finds_exactly_what_it_means(bench: Bench) -> None:
    everything = await fill(bench)
    for text in QUERIES:
        condition = query.parse(text).filter(NOW)
        expected = {memory.id for memory in everything if matches(condition, memory)}
        found = [memory async for memory in scan(bench.backend, condition)]
        assert {memory.id for memory in found} == expected, text
        assert len(found) == len(expected), text
        types = Counter(memory.type for memory in everything if memory.id in expected)
        assert Counter(await bench.backend.kind_counts(condition)) == types, text


async def test_every_order_is_the_same_everywhere(bench: Bench) -> None:
    await fill(bench)
    for sort in Sort:
        found = [memory async for memory in scan(bench.backend, sort=sort)]
        assert [memory.id for memory in found] == [memory.id for memory in ordered(found, sort)]
        assert len(found) == len(DRAFTS)


@pytest.mark.parametrize("text", ["", "user:kim", "-type:decision"])
async def test_pages_show_each_memory_once_and_never_a_wrong_total(bench: Bench, text: str) -> None:
    everything = await fill(bench)
    condition = query.parse(text).filter(NOW)
    expected = [memory for memory in everything if matches(condition, memory)]
    for limit in (1, 3, 8, 100):
        page = await bench.backend.list(condition, limit=limit)
        seen = list(page.items)
        while page.next is not None:
            assert page.total in (None, len(expected))
            assert len(page.items) <= limit
            page = await bench.backend.list(condition, cursor=page.next, limit=limit)
            seen += page.items
        assert page.total == len(expected)
        assert [memory.id for memory in seen] == [
            memory.id for memory in ordered(expected, Sort.NEWEST)
        ]
    if Capability.EXACT_TOTALS in bench.backend.capabilities:
        assert (await bench.backend.list(condition, limit=1)).total == len(expected)


async def test_an_empty_backend_is_empty(bench: Bench) -> None:
    page = await bench.backend.list()
    assert (page.items, page.total, page.next) == ((), 0, None)
    assert await bench.backend.entities() == ()
    assert await bench.backend.kind_counts() == {}
    assert (await bench.backend.search("anything")).hits == ()
    assert await bench.backend.get_many([]) == {}


async def test_an_impossible_condition_finds_nothing(bench: Bench) -> None:
    await fill(bench)
    page = await bench.backend.list(Or())
    assert (page.items, page.total, page.next) == ((), 0, None)


async def test_expired_memories_hide_until_asked_for(bench: Bench) -> None:
    gone = await bench.backend.add(Draft("gone since", SHOP, expires_on=date(2026, 5, 31)))
    today = await bench.backend.add(Draft("gone tomorrow", SHOP, expires_on=date(2026, 6, 1)))
    kim = belongs_to(EntityRef(EntityKind.USER, "kim"))
    assert [memory.id for memory in (await bench.backend.list(kim)).items] == [today.id]
    assert await bench.backend.get(gone.id) == gone
    if Capability.SHOW_EXPIRED not in bench.backend.capabilities:
        return
    both = await bench.backend.list(kim, include_expired=True)
    assert {memory.id for memory in both.items} == {gone.id, today.id}
    assert set(await bench.backend.get_many([gone.id])) == {gone.id}
    assert sum((await bench.backend.kind_counts(kim)).values()) == 1
    assert sum((await bench.backend.kind_counts(kim, include_expired=True)).values()) == 2
    hits = (await bench.backend.search("gone", kim)).hits
    assert [hit.memory.id for hit in hits] == [today.id]
    found = (await bench.backend.search("gone", kim, include_expired=True)).hits
    assert {hit.memory.id for hit in found} == {gone.id, today.id}


async def test_hostile_text_comes_back_to_the_byte_by_every_way(bench: Bench) -> None:
    for text in HOSTILE:
        metadata = {"note": text, text[:40]: [text, {"deep": None}], "type": "hostile"}
        added = await bench.backend.add(Draft(text, SHOP, metadata))
        assert added.text == text
        assert added.metadata == metadata
        listed = {memory.id: memory for memory in (await bench.backend.list()).items}[added.id]
        by_id = await bench.backend.get(added.id)
        many = await bench.backend.get_many([added.id])
        assert listed == by_id == many[added.id] == added
        assert {m.content_hash for m in (added, listed, by_id)} == {added.content_hash}


async def test_hostile_ids_of_entities_stay_what_they_are(bench: Bench) -> None:
    await bench.backend.add(Draft("other", Scope(user_id="lee")))
    blank = "a/ü" if bench.backend.name == "selfhosted" else "a b/ü"  # That one refuses blanks.
    for id_ in (blank, "..", "%2F", "100%", "x&user_id=lee", "UPPER", "upper", "日本"):
        scope = Scope(user_id=id_, app_id=id_)
        mine = await bench.backend.add(Draft(f"of {id_}", scope))
        assert mine.scope == scope
        for kind in (EntityKind.USER, EntityKind.APP):
            page = await bench.backend.list(belongs_to(EntityRef(kind, id_)))
            assert [memory.id for memory in page.items] == [mine.id]


async def test_lone_surrogates_never_reach_the_wire(bench: Bench) -> None:
    added = await bench.backend.add(Draft("half \ud800 pair", SHOP, {"k\udfff": "\ud83d"}))
    assert added.text == "half � pair"
    assert added.metadata == {"k�": "�"}


async def test_an_unknown_id_is_not_found(bench: Bench) -> None:
    await bench.backend.add(Draft("here", SHOP))
    gone = "00000000-0000-4000-8000-000000000000"
    for memory_id in ("", " ", "..", "*", "a/b", "no-such-id", gone, "x" * 500):
        with pytest.raises(NotFoundError):
            await bench.backend.get(memory_id)
        assert await bench.backend.get_many([memory_id]) == {}
        assert await bench.backend.history(memory_id) == ()


async def test_many_ids_come_in_the_order_asked_for_without_the_gone(bench: Bench) -> None:
    first, second, *_ = await fill(bench)
    gone = "00000000-0000-4000-8000-000000000000"
    found = await bench.backend.get_many([second.id, gone, first.id, second.id])
    assert dict(found) == {second.id: second, first.id: first}


async def test_a_search_finds_the_words_within_the_condition(bench: Bench) -> None:
    everything = await fill(bench)
    result = await bench.backend.search("JWT keys", limit=5)
    assert result.hits[0].memory == everything[0]
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    lee = belongs_to(EntityRef(EntityKind.USER, "lee"))
    hits = (await bench.backend.search("lee prefers tabs", lee)).hits
    assert [hit.memory.text for hit in hits][0] == "Lee prefers tabs"
    assert {hit.memory.scope.user_id for hit in hits} == {"lee"}
    app = And((belongs_to(EntityRef(EntityKind.APP, "infra")), query.parse("-bucket").filter(NOW)))
    hits = (await bench.backend.search("terraform deploy state", app)).hits
    assert {hit.memory.text for hit in hits} <= {"[PINNED] Deploy with make release"}
    assert len((await bench.backend.search("the keys", limit=1)).hits) == 1


async def test_a_search_for_nothing_is_refused(bench: Bench) -> None:
    with pytest.raises(InvalidRequestError):
        await bench.backend.search(" \n")


async def test_entities_come_by_kind_and_activity_with_true_counts(bench: Bench) -> None:
    everything = await fill(bench)
    counts = Counter(ref for memory in everything for ref in memory.scope)
    found = await bench.backend.entities()
    assert {entity.ref for entity in found} == set(counts)
    assert all(entity.memory_count in (None, counts[entity.ref]) for entity in found)
    kinds = [list(EntityKind).index(entity.kind) for entity in found]
    assert kinds == sorted(kinds)


async def test_the_history_tells_what_happened(bench: Bench) -> None:
    memory = await bench.backend.add(Draft("before", SHOP, created_at=NOW - timedelta(days=3)))
    await bench.backend.update(memory.id, Edit(text="after"))
    if Capability.HISTORY not in bench.backend.capabilities:
        assert await bench.backend.history(memory.id) == ()
        return
    added, updated = await bench.backend.history(memory.id)
    assert (added.event, added.new_text) == ("ADD", "before")
    assert (updated.event, updated.old_text, updated.new_text) == ("UPDATE", "before", "after")
    assert {added.memory_id, updated.memory_id} == {memory.id}
    assert all(isinstance(entry.at, datetime) for entry in (added, updated))


async def test_events_are_listed_or_refused(bench: Bench) -> None:
    await fill(bench)
    if Capability.EVENTS not in bench.backend.capabilities:
        with pytest.raises(UnsupportedError, match="events"):
            await bench.backend.events()
        return
    events = await bench.backend.events(limit=3)
    assert len(events) <= 3
    assert all(event.id and event.status for event in events)


async def test_raw_json_is_kept_but_makes_no_difference(bench: Bench) -> None:
    memory = await bench.backend.add(Draft("raw", SHOP))
    assert replace(memory, raw={"anything": 1}) == await bench.backend.get(memory.id)
