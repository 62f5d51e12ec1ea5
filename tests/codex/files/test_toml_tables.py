"""Tables that are added to a config.toml and taken out again leave no trace."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.files.toml_tables import (
    bare,
    parses,
    same_but_blank,
    with_tables,
    without_tables,
)

OURS = '[marketplaces.mem0-tui]\nsource = "/x"\n\n[plugins."mem0-tui@mem0-tui"]\nenabled = true\n'
LINES = (
    "# a note",
    "",
    "   ",
    'model = "x" # why',
    "n = [\n  1, # one\n  2,\n]",
    "[tui]",
    "[plugins]",
    '[plugins."a@b"]',
    "[[things]]",
    'text = """\n[plugins."mem0-tui@mem0-tui"]\n# no\n"""',
    "word = 'it''s'",
    '  [hooks.state."k:stop:0:0"] # trusted',
)


def ours(table: KeyPath) -> bool:
    return table in (("marketplaces", "mem0-tui"), ("plugins", "mem0-tui@mem0-tui"))


texts = st.tuples(
    st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans()
).map(lambda given: given[1].join(given[0]) + (given[1] if given[2] else ""))


@settings(max_examples=200, deadline=None)
@given(texts)
def test_what_was_added_can_be_taken_out(text: str) -> None:
    added = with_tables(text, OURS)
    assert added.startswith(text)
    assert same_but_blank(bare(added, ours), bare(text, ours))
    if parses(text) and "[plugins" not in text:
        assert parses(added)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_text_without_our_tables_stays_as_it_is(text: str) -> None:
    assert without_tables(text, ours) == text


def test_comments_of_the_next_table_stay() -> None:
    text = f"{OURS}\n# of tui\n[tui]\nx = 1\n"
    assert without_tables(text, ours) == "\n\n# of tui\n[tui]\nx = 1\n"


def test_parents_that_codex_wrote_go_with_the_last_child() -> None:
    text = '[hooks.state]\n\n[hooks.state."mem0-tui@mem0-tui:x"]\ntrusted_hash = "1"\n'
    assert without_tables(text, lambda table: len(table) == 3).strip() == ""
    other = text + '[hooks.state."other"]\ntrusted_hash = "2"\n'
    assert "[hooks.state]\n" in without_tables(
        other, lambda table: table[-1] == "mem0-tui@mem0-tui:x"
    )
