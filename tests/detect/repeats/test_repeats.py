"""What is put together as repeats, what is kept of them, and what is said about it."""

from __future__ import annotations

from datetime import date

import pytest

from mem0_tui.detect.repeats.difference import Hunk, hunks
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.detect.repeats.labelled import found_in, memory

_RANDOM = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
_TEXT = "The checkout worker takes its locks in id order."


def _repeats(*memories: Memory) -> list[Suspicion]:
    return [each for each in found_in(memories) if each.queue is Queue.REPEATS]


def _marked(suspicion: Suspicion, *memories: Memory) -> dict[str, list[str]]:
    texts = {each.id: each.text for each in memories}
    return {
        id_: [texts[id_][mark.start : mark.end] for mark in marks]
        for id_, marks in suspicion.marks.items()
    }


def test_equal_texts_keep_the_newest_and_delete_the_rest() -> None:
    (found,) = _repeats(memory("a", _TEXT), memory("b", _TEXT.upper(), days=2), memory("c", _TEXT))
    assert found.ids == ("b", "a", "c")
    assert found.reason == "the same text"
    assert found.proposal == (Delete("a"), Delete("c"))
    assert found.marks == {}


def test_texts_of_small_words_alone_are_the_same_only_as_they_stand() -> None:
    texts = ("do it", "y", "It is", "the", "!!", "...", "Do it.", "y", "Sí", "ja")
    found = _repeats(*(memory(f"{at}", text, days=at) for at, text in enumerate(texts)))
    assert sorted(each.ids for each in found) == [("6", "0"), ("7", "1")]


def test_the_plain_wording_is_kept_and_the_wrapper_named_and_marked() -> None:
    memories = (
        memory("a", _TEXT),
        memory("b", f"The user said that {_TEXT[:-1]} (confirmed).", days=5),
    )
    (found,) = _repeats(*memories)
    assert found.ids == ("a", "b")
    assert found.reason == 'the same but for "The user said that" and "(confirmed)"'
    assert _marked(found, *memories) == {"b": ["The user said that", "(confirmed)"]}


@pytest.mark.parametrize(
    "kept",
    [
        {"metadata": {"pinned": True}},
        {"immutable": True},
        {"metadata": {"confidence": 0.9}},
        {"days": 30},
    ],
)
def test_the_kept_one_is_pinned_or_more_trusted_or_newer(kept: dict[str, object]) -> None:
    others = [memory(id_, _TEXT, days=3) for id_ in "acd"]
    (found,) = _repeats(*others[:2], memory("b", _TEXT, **kept), others[2])  # type: ignore[arg-type]
    assert found.ids[0] == "b"


@pytest.mark.parametrize("safe", [{"metadata": {"pinned": True}}, {"immutable": True}])
def test_what_is_pinned_or_immutable_is_never_proposed(safe: dict[str, object]) -> None:
    memories = [
        memory("a", _TEXT, days=9, metadata={"confidence": 1.0, "pinned": True}),
        memory("b", _TEXT, **safe),  # type: ignore[arg-type]
        memory("c", _TEXT),
    ]
    found = _repeats(*memories)
    assert [each.proposal for each in found if each.proposal] == [(Delete("c"),)]
    assert [each.ids for each in found if not each.proposal] == [("a", "b")]


def test_one_that_expires_or_was_replaced_is_not_the_one_to_keep() -> None:
    memories = [
        memory("a", _TEXT),
        memory("b", _TEXT, days=4, expires_on=date(2027, 1, 1)),
        memory("c", _TEXT, days=5, replaced_by="x"),
    ]
    (found,) = _repeats(*memories)
    assert found.ids[0] == "a"


def test_no_chain_is_put_together() -> None:
    """Each differs from the next in a word that says nothing, the first from the last in more."""
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
    memories = [
        memory(f"{index}", f"{' '.join(words[:index + 3])} runs in the cluster of the shop")
        for index in range(len(words) - 3)
    ]  # fmt: skip
    assert [each for each in _repeats(*memories) if each.proposal] == []


def test_boilerplate_is_learned_from_the_store() -> None:
    cores = [
        "The parser tolerates missing dates in supplier feeds.",
        "Thumbnails are cropped to squares at upload.",
        "The ledger must balance at midnight in every region.",
        "Broken links are reported by the crawler at night.",
    ]
    opening = "Pairing log of the storefront squad: "
    memories = [memory(f"bare {i}", core) for i, core in enumerate(cores)]
    wrapped = [memory(f"wrapped {i}", opening + core) for i, core in enumerate(cores)]
    assert len([f for f in _repeats(*memories, *wrapped) if f.proposal]) == len(cores)
    few = _repeats(*memories[:2], *wrapped[:2])
    assert [each for each in few if each.proposal] == []


@pytest.mark.parametrize(
    "opening",
    ["Deprecated: ", "In staging: ", "It is a myth that ", "Not any more: ", "Proposal: "],
)
def test_an_opening_that_changes_what_is_said_is_never_learned(opening: str) -> None:
    cores = [
        "The parser tolerates missing dates in supplier feeds.",
        "Thumbnails are cropped to squares at upload.",
        "The ledger must balance at midnight in every region.",
        "Broken links are reported by the crawler at night.",
    ]
    memories = [memory(f"bare {i}", core) for i, core in enumerate(cores)]
    memories += [memory(f"wrapped {i}", opening + core) for i, core in enumerate(cores)]
    assert [each for each in _repeats(*memories) if each.proposal] == []


def test_what_is_written_for_each_turn_only_repeats_what_is_equal() -> None:
    log = {"type": "session_summary"}
    text = "Fixed the login redirect, all tests pass."
    memories = [
        memory("a", text, metadata=log),
        memory("b", f"{text} (confirmed)", metadata=log),
        memory("c", text.replace(", ", ",  "), days=1, metadata=log),
        memory("d", text),
    ]
    assert [each.ids for each in _repeats(*memories)] == [("c", "a")]


def test_an_unknown_word_is_for_people_and_has_no_proposal() -> None:
    memories = [
        memory("a", "The compiler warns about shadowed names in modules."),
        memory("b", "The compiler complains about shadowed names in modules.", days=1),
    ]
    (found,) = _repeats(*memories)
    assert found.tier is Tier.LOOK
    assert found.proposal == ()
    assert found.reason == 'nearly the same: look at "complains" and "warns"'
    assert _marked(found, *memories) == {"a": ["warns"], "b": ["complains"]}


def test_secrets_are_not_shown_in_reasons() -> None:
    key, other = (f"ghp_{part}" for part in (_RANDOM, _RANDOM[::-1]))
    memories = [
        memory("a", f"The deploy job reads the token {key} from its environment."),
        memory("b", "The deploy job reads the token from its environment.", days=1),
        memory("c", f"The API key of the mailer in the sandbox is {key}"),
        memory("d", f"The API key of the mailer in the sandbox is {other}"),
    ]
    for each in found_in(memories):
        assert key not in each.reason + each.label
        assert other not in each.reason + each.label


class TestOwners:
    """Whose memories are put together."""

    def _ids(self, *scopes: Scope) -> list[tuple[tuple[str, ...], Tier]]:
        memories = [memory(f"{i}", _TEXT, scope=scope, days=i) for i, scope in enumerate(scopes)]
        return [(each.ids, each.tier) for each in _repeats(*memories)]

    def test_sessions_and_spellings_of_an_app_do_not_part_them(self) -> None:
        scopes = [
            Scope(user_id="kim", app_id="shop-api"),
            Scope(user_id="kim", app_id="Shop_API", run_id="r1"),
            Scope(user_id="kim", app_id="acme/shop-api.git", run_id="r2"),
        ]
        assert self._ids(*scopes) == [(("2", "1", "0"), Tier.FINDING)]

    def test_another_app_of_the_same_user_is_for_people(self) -> None:
        scopes = [Scope(user_id="kim", app_id="shop-api"), Scope(user_id="kim", app_id="shop-web")]
        (found,) = self._ids(*scopes)
        assert found[1] is Tier.LOOK

    def test_nobody_loses_a_memory_because_another_has_it(self) -> None:
        users = [Scope(user_id=user, app_id="shop-api") for user in ("kim", "Kim", "noor")]
        shared = Scope(agent_id="shop-api-0123456789", app_id="shop-api")
        assert self._ids(*users, shared) == []

    def test_the_shared_lane_is_one_owner(self) -> None:
        shared = Scope(agent_id="shop-api-0123456789", app_id="shop-api")
        assert self._ids(shared, shared) == [(("1", "0"), Tier.FINDING)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("数据库迁移必须先在预发布环境运行。", "数据库迁移必须先在预发布环境运行"),
        ("Der Nutzer möchte Antworten", "Der Nutzer mo\u0308chte Antworten"),
        ("ห้ามแก้ไขไฟล์ที่สร้างขึ้นอัตโนมัติ", "ห้ามแก้ไขไฟล์ที่สร้างขึ้นอัตโนมัติ!"),
        ("커밋 메시지는 영어로 쓴다.", "커밋 메시지는 영어로 쓴다"),
        ("テストは毎回pytestで実行する。", "テストは毎回 pytest で実行する"),
    ],
)
def test_every_script_is_read(one: str, other: str) -> None:
    (found,) = _repeats(memory("a", one), memory("b", other))
    assert found.reason == "the same text"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("数据库端口是5432。", "数据库端口是5433。"),
        ("用户喜欢深色主题。", "用户不喜欢深色主题。"),
        ("部署前运行所有的测试。", "部署后运行所有的测试。"),
        ("ห้ามแก้ไขไฟล์ที่สร้างขึ้น", "ห้ามลบไฟล์ที่สร้างขึ้น"),
        ("커밋 메시지는 영어로 쓴다.", "커밋 메시지는 독일어로 쓴다."),
    ],
)
def test_scripts_without_blanks_are_told_apart(one: str, other: str) -> None:
    assert [each for each in _repeats(memory("a", one), memory("b", other)) if each.proposal] == []


@pytest.mark.parametrize("text", ["", " ", "…", "the", "🚀", "\ud800", "-" * 5000, "((((" * 500])
def test_texts_that_say_nothing_do_no_harm(text: str) -> None:
    found = _repeats(memory("a", text), memory("b", text), memory("c", text + " port 8080"))
    assert all(each.ids for each in found)


def test_long_texts_are_compared_whole() -> None:
    modules = ["cart", "price", "order", "stock", "tax", "label", "parcel", "refund"] * 15
    body = " ".join(f"Rule {n}: {name} keeps its own tables." for n, name in enumerate(modules))
    (found,) = _repeats(memory("a", body), memory("b", f"Contents of AGENTS.md: {body}"))
    assert found.ids == ("a", "b")
    assert not [f for f in _repeats(memory("a", body), memory("b", body + " Never.")) if f.proposal]


def test_very_long_texts_take_no_more_memory_than_they_need() -> None:
    """Aligned word by word, these would need a gigabyte."""
    words = [f"w{n}" for n in range(90_000)]
    assert hunks(["a", *words, "b"], ["c", *words, "d"]) == [Hunk(0, 90_002, 0, 90_002)]


def test_texts_that_are_too_long_to_take_apart_only_repeat_what_is_equal() -> None:
    text = "Rule: the cart keeps its own tables. " * 500
    memories = memory("a", text), memory("b", text.upper(), days=1), memory("c", f"Note: {text}")
    (found,) = _repeats(*memories)
    assert found.ids == ("b", "a")
