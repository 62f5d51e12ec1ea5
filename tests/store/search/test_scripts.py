"""In every script, what ``list`` finds is found by search, and comes before what is only near."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.errors import QueryError
from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchMode
from mem0_tui.model.query import parse
from mem0_tui.store.embedding.embedder import Embedder, load_embedder
from mem0_tui.store.query.conditions import equip
from mem0_tui.store.schema import MIGRATIONS
from mem0_tui.store.search.engine import hybrid_search
from mem0_tui.store.search.indexer import Indexer
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.store import MemoryStore, open_store
from tests.store import made
from tests.store.query.test_filters import chosen, stored
from tests.store.test_processes import check_indexes

TEXTS = {
    "zh-db": "数据库迁移必须先在预发布环境运行",
    "zh-review": "所有代码都要经过评审才能合并",
    "zh-data": "数据保存三十天后删除",
    "zh-mixed": "数据库API迁移到新版本",
    "ja-db": "データベースの移行は火曜日に行う",
    "ja-kana": "ﾃｽﾄは毎晩実行される",
    "ko-db": "데이터베이스를 화요일에 옮긴다",
    "ko-review": "모든 코드는 검토를 거친다",
    "th": "ฐานข้อมูลทดสอบอยู่บนเครื่องใหม่",
    "lo": "ຖານຂໍ້ມູນຢູ່ໃນເຄື່ອງໃໝ່",
    "km": "មូលដ្ឋានទិន្នន័យនៅលើម៉ាស៊ីនថ្មី",
    "my": "ဒေတာဘေ့စ်ကို အင်္ဂါနေ့တွင်ရွှေ့မည်",
    "ru": "Развёртывание идёт по вторникам",
    "el": "Η βάση δεδομένων είναι στη θύρα 5433",
    "he": "מסד הנתונים רץ על שרת הבדיקות",
    "ar": "قاعدة البيانات تعمل على خادم الاختبار",
    "hi": "डेटाबेस परीक्षण सर्वर पर चलता है",
    "de": "Die Prüfung der Straße läuft nachts",
    "fr": "L'équipe vérifie chaque déploiement",
    "tr": "İstanbul sunucusu gece yedeklenir",
    "en-flag": "Run pytest with --maxfail=1 in the pipeline",
    "en-name": "The helper foo_bar wraps foo-bar since v2.3.1",
    "en-plus": "The parser is written in C++",
    "en-emoji": "Released with a 🚀 in the title",
    "en-typeset": "Don’t remount the read\u2011only volume",
    "pl": "Kopia zapasowa leży w Łodzi",
    "fa": "پشتیبان ٢٧ دقیقه طول می‌کشد",
}
QUERIES = {
    "数据库": {"zh-db", "zh-mixed"},
    "评审": {"zh-review"},
    "审": {"zh-review"},
    "API迁移": {"zh-mixed"},
    "api": {"zh-mixed"},
    "移行": {"ja-db"},
    "データベース": {"ja-db"},
    "テスト": {"ja-kana"},
    "데이터베이스": {"ko-db"},
    "검토": {"ko-review"},
    "ข้อมูล": {"th"},
    "ຂໍ້ມູນ": {"lo"},
    "ទិន្នន័យ": {"km"},
    "ဒေတာ": {"my"},
    "развертывание": {"ru"},
    "ΒΆΣΗ": {"el"},
    "הנתונים": {"he"},
    "البيانات": {"ar"},
    "सर्वर": {"hi"},
    "prufung": {"de"},
    "STRASSE": {"de"},
    "equipe": {"fr"},
    "istanbul": {"tr"},
    "--maxfail": {"en-flag"},
    "foo_bar": {"en-name"},
    "foo-bar": {"en-name"},
    "v2.3.1": {"en-name"},
    "C++": {"en-plus"},
    "don't": {"en-typeset"},
    "read-only": {"en-typeset"},
    "lodzi": {"pl"},
    "27": {"fa"},
    "پشتيبان": {"fa"},
    "🚀": {"en-emoji"},
    "maxf*": {"en-flag"},
}


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[MemoryStore]:
    store = open_store(
        tmp_path_factory.mktemp("scripts") / "m.db", FrozenClock(made.START), durable=False
    )
    stored(store, [Memory(id_, text) for id_, text in TEXTS.items()])
    Indexer(store, lambda: embedder).run_pending()
    yield store
    store.close()


@pytest.mark.parametrize("text", QUERIES)
def test_a_literal_holder_is_found_and_comes_first(
    filled: MemoryStore, embedder: Embedder, text: str
) -> None:
    holders = QUERIES[text]
    assert chosen(filled, parse(text).filter(made.START)) == holders
    for engine in (None, embedder):
        hits = hybrid_search(filled, text, embedder=engine).hits
        assert {hit.memory.id for hit in hits[: len(holders)]} == holders
        assert all(hit.parts["literal"] for hit in hits[: len(holders)])


@pytest.mark.parametrize(
    "text", ["数据库", "评审", "データベース", "데이터베이스", "хранение", "ฐาน", "🚀", "x9zq"]
)
def test_what_the_model_does_not_know_is_ranked_by_words(
    filled: MemoryStore, embedder: Embedder, text: str
) -> None:
    result = hybrid_search(filled, text, threshold=0.3, embedder=embedder)
    assert result.mode is SearchMode.KEYWORD
    assert result.unknown_words
    assert result.embedded == result.searched == len(TEXTS)
    assert {hit.memory.id for hit in result.hits} == QUERIES.get(text, set()) | (
        {"th"} if text == "ฐาน" else set()
    )
    assert all("semantic" not in hit.parts for hit in result.hits)


@pytest.mark.parametrize(
    "text", ["deploy the database", "Datenbank verschieben", "l'équipe", "5433"]
)
def test_what_the_model_knows_is_ranked_by_meaning_too(
    filled: MemoryStore, embedder: Embedder, text: str
) -> None:
    assert hybrid_search(filled, text, embedder=embedder).mode is SearchMode.HYBRID


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryStore]:
    store = open_store(
        tmp_path_factory.mktemp("parts") / "m.db", FrozenClock(made.START), durable=False
    )
    yield store
    store.close()


_numbers = count()
_scripts = st.text(
    st.sampled_from("ab éß数据库評審ガ한국กำម្ូคงदेश1_-🚀\u200d"), min_size=1, max_size=16
)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(_scripts, min_size=4, max_size=4), data=st.data())
def test_list_and_search_find_every_part_of_every_text(
    store: MemoryStore, texts: list[str], data: st.DataObject
) -> None:
    found = stored(store, [Memory(f"{next(_numbers)}", text) for text in texts])
    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : start + data.draw(st.integers(1, 6))]
    typed = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), part)
    try:
        query = parse(typed)
    except QueryError:
        return
    if not query.words.strip() or any(term.negated for term in query.terms):
        return
    condition = query.filter(made.START)
    listed = {memory.id for memory in found if matches(condition, memory)}
    assert chosen(store, condition) == listed
    result = hybrid_search(store, query.words, threshold=0.1)
    assert listed <= {hit.memory.id for hit in result.hits}


@pytest.mark.parametrize(
    ("step", "words"),
    [("words of every script", "text"), ("quotes, dashes and digits alike", "words")],
)
def test_an_older_store_is_read_anew(tmp_path: Path, step: str, words: str) -> None:
    path = tmp_path / "old.db"
    at = [m.name for m in MIGRATIONS].index(step)
    old = Database(path, MIGRATIONS[:at], equip=equip)
    rows = [(f"{n}", text, text.casefold()) for n, text in enumerate(TEXTS.values())]
    statement = (
        "INSERT INTO memories (id, text, metadata, categories, created_at, immutable, synthesized,"
        " extra, pinned, length, hash, folded)"
        " VALUES (?, ?, '{}', '[]', 1, 0, 0, '{}', 0, 1, '', ?)"
    )

    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany(statement, rows)
        for table, column in (("words", words), ("trigrams", "folded")):
            source = "memories_spaced" if column == "words" else "memories"
            connection.execute(
                f"INSERT INTO memories_{table} (rowid, {column}) SELECT seq, {column} FROM {source}"
            )

    old.write(fill).result()
    old.close()
    store = open_store(path, durable=False)
    check_indexes(store)
    ids = dict(zip(TEXTS, (row[0] for row in rows), strict=True))
    for text, holders in QUERIES.items():
        found = chosen(store, parse(text).filter(made.START))
        assert found == {ids[name] for name in holders}, text
        hits = hybrid_search(store, text).hits
        assert hits[0].memory.id in {ids[name] for name in holders}, text
    store.close()
