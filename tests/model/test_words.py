"""What a word is: a table of examples for each script, and the rules that hold for any text."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Literal, Query, Word, parse
from mem0_tui.model.words import fold, holds, place_of, spaced, words_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


HELD = [
    ("English, any case", "Deploys go out on TUESDAY", "deploys tuesday"),
    ("French, an accent left out", "L'équipe se réunit à midi", "equipe"),
    ("French, an accent too many", "l'equipe", "Équipe"),
    ("decomposed text", nfd("le café du coin"), "café"),
    ("decomposed query", "le café du coin", nfd("CAFÉ")),
    ("German sharp s", "Die Straße ist gesperrt", "STRASSE"),
    ("German sharp s, the other way", "STRASSE", "straße"),
    ("German umlaut without its dots", "Prüfung der Größe", "prufung grosse"),
    ("Turkish dotted I", "İstanbul sunucusu", "istanbul"),
    ("Turkish dotless i", "tarafından", "TARAFINDAN"),
    ("Vietnamese", "cơ sở dữ liệu", "co so du lieu"),
    ("Greek final sigma", "ο ΔΡΌΜΟΣ", "δρομος"),
    ("Cyrillic", "Развёртывание по вторникам", "развертывание"),
    ("Hebrew points", "שָׁלוֹם עוֹלָם", "שלום"),
    ("Arabic marks", "كِتَابٌ جديد", "كتاب"),
    ("full-width letters", "call the ＡＰＩ twice", "api"),
    ("full-width query", "call the API twice", "ＡＰＩ"),
    ("ligature", "the ﬁle is ﬂat", "file flat"),
    ("half-width katakana", "ｶﾞｲﾄﾞを読む", "ガイド"),
    ("decomposed kana", nfd("ガイドを読む"), "ガイド"),
    ("Chinese", "数据库迁移需要代码评审", "评审"),
    ("Chinese, one character", "代码评审", "审"),
    ("Chinese and Latin letters", "数据库API迁移", "api"),
    ("Japanese", "データベースの移行は火曜日です", "移行"),
    ("Korean with a particle", "데이터베이스를 옮긴다", "데이터베이스"),
    ("decomposed Korean", nfd("한국어 검토"), "검토"),
    ("Thai", "ฐานข้อมูลอยู่ที่นี่", "ข้อมูล"),
    ("Lao", "ຖານຂໍ້ມູນ", "ຂໍ້ມູນ"),
    ("Khmer", "មូលដ្ឋានទិន្នន័យ", "ទិន្នន័យ"),
    ("Burmese", "ဒေတာဘေ့စ်", "ဒေတာ"),
    ("Hindi", "डेटाबेस की जाँच", "डेटाबेस"),
    ("emoji", "shipped 🚀 today", "🚀"),
    ("emoji in another look", "with love ❤️", "❤"),
    ("hidden characters within a word", "pass\u200bwo\u00adrd", "password"),
    ("an option", "run pytest --maxfail=1", "--maxfail"),
    ("an identifier", "call foo_bar and foo-bar", "foo_bar foo-bar"),
    ("a version", "since v2.3.1", "v2.3.1"),
    ("a language", "written in C++", "c++"),
    ("a path", "see src/app/main.py:12", "src/app/main.py"),
    ("a name with its namespace", "a std::vector of int", "std::vector"),
    ("an address of IPv6", "listens on fe80::1", "fe80::1"),
    ("a typeset apostrophe", "don’t retry", "don't"),
    ("a typed apostrophe", "don't retry", "don’t"),
    ("typeset quotes", "say “done” when ready", '"say \\"done\\""'),
    ("typed quotes", 'say "done" when ready', "“done”"),
    ("a hyphen that does not break", "a read\u2011only mount", "read-only"),
    ("a dash between numbers", "ports 8000–8010", "8000-8010"),
    ("a typeset fraction", "¾ of it", "3/4"),
    ("Polish, strokes left out", "biuro w Łodzi", "lodzi"),
    ("Danish, strokes left out", "kører på Ørsted", "korer orsted"),
    ("Vietnamese, the d without its stroke", "địa chỉ Đà Nẵng", "dia chi da nang"),
    ("French ligature", "le cœur et l'ex æquo", "coeur aequo"),
    ("Arabic, drawn out", "كـــتاب جديد", "كتاب"),
    ("Arabic, final letters", "في المكتبة الكبرى", "المكتبه الكبري"),
    ("Persian letters on an Arabic keyboard", "کتاب فارسی", "كتاب فارسي"),
    ("Arabic digits", "منذ ٢٠٢٦", "2026"),
    ("Hindi digits", "संस्करण ३.१", "3.1"),
    ("Thai am in two parts", "น\u0e49\u0e33", "น\u0e4d\u0e49\u0e32"),
    ("Thai am in two parts, the other way", "น\u0e4d\u0e49\u0e32", "น\u0e49\u0e33"),
    ("Lao am in two parts", "ນ\u0ec9\u0eb3", "ນ\u0ecd\u0ec9\u0eb2"),
    ("a wildcard at the end", "key AKIAIOSFODNN7", "AKIA*"),
    ("a wildcard at the start", "key AKIAIOSFODNN7", "*FODNN7"),
    ("a wildcard within", "key AKIAIOSFODNN7", "akia*nn7"),
    ("a wildcard for one character", "the file test_7.py", "test_?.py"),
    ("a wildcard that is meant", "use SELECT * FROM t", "*"),
    ("a quoted wildcard", "glob **/*.py", '"*.py"'),
]


@pytest.mark.parametrize(("text", "query"), [case[1:] for case in HELD], ids=[c[0] for c in HELD])
def test_a_word_is_found_in_every_script(text: str, query: str) -> None:
    assert matches(parse(query).filter(NOW), Memory("1", text))
    assert not matches(parse(query).filter(NOW), Memory("1", "something else entirely"))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("数据 and 据点", "数据点"),
        ("かき", "がき"),
        ("하나", "한"),
        ("की", "कु"),
        ("key AKIA IOSFODNN7", "AKIA*NN7"),
        ("glob abc.py", '"*.py"'),
        ("test_77.py", "test_?.py"),
    ],
)
def test_what_is_another_word_is_not_found(text: str, query: str) -> None:
    assert not matches(parse(query).filter(NOW), Memory("1", text))


def test_folding_is_done_once_for_every_character() -> None:
    for code in range(0x110000):
        folded = fold(chr(code))
        assert fold(folded) == folded, hex(code)
        assert "\0" not in folded


_SCRIPTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("aZé ßİıſµ٣數据库評審ガｶﾞ한국กำม្ูคងदेશ\u0301\u200d-_*?\"'🚀"),
    ),
    max_size=30,
)


@given(_SCRIPTS, st.integers(0, 30), st.integers(1, 30))
@settings(deadline=None, max_examples=300)
def test_every_part_of_a_text_finds_it(text: str, start: int, length: int) -> None:
    text = unicodedata.normalize("NFC", text)
    part = text[start : start + length]
    query = Query((Word(Literal(part, quoted=True)),)) if part else Query()
    for form in ("NFC", "NFD"):
        # A part may begin with what belongs to the character before it.
        if unicodedata.normalize("NFD", part) in unicodedata.normalize("NFD", text):
            held = Memory("1", unicodedata.normalize(form, text))
            if fold(part) in fold(text):
                assert matches(query.filter(NOW), held)
    assert holds(text, text)


@given(_SCRIPTS)
@settings(deadline=None, max_examples=300)
def test_the_words_of_a_text_are_in_its_index(text: str) -> None:
    indexed = spaced(fold(text)).split()
    for word in words_of(text):
        assert any(token.startswith(word) for token in indexed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("数据库API迁移", ["数据", "据库", "api", "迁移"]),
        ("数", ["数"]),
        ("foo_bar --maxfail", ["foo", "bar", "maxfail"]),
        ("한국어", ["한국", "국어"]),
    ],
)
def test_scripts_without_blanks_are_read_in_pairs(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_the_place_of_a_word_is_one_in_the_text_itself() -> None:
    assert place_of("ﬁrst, the café", "CAFE") == 10
    assert place_of("plain text", "TEXT") == 6
    assert place_of("nothing", "x") == -1
