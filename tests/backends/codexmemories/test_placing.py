"""What is taken out of a file and put back in any order makes the same file again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.backends.codexmemories.markdown import blocks
from mem0_tui.backends.codexmemories.placing import put_back, without
from tests.backends.codexmemories.sample import REGISTRY, SUMMARY

LINES = st.sampled_from(
    ["# A", "## B", "## B", "", "", "- one", "- one", "- two", "  more", "plain", "plain", "1. x"]
)
DOCUMENTS = st.one_of(
    st.sampled_from([SUMMARY, REGISTRY]),
    st.lists(LINES, max_size=14).map(lambda lines: "".join(f"{line}\n" for line in lines)),
)


@given(document=DOCUMENTS, data=st.data())
def test_removed_passages_come_back_to_their_places(document: str, data: st.DataObject) -> None:
    spans = [(block.start, block.end) for block in blocks(document)]
    chosen = data.draw(st.lists(st.sampled_from(spans), unique=True)) if spans else []
    left, out = without(document, chosen), list(chosen)
    for span in data.draw(st.permutations(chosen)):
        left = put_back(left, document, span, out)
        out.remove(span)
    assert left == document


@given(document=DOCUMENTS, other=DOCUMENTS, data=st.data())
def test_in_a_file_that_somebody_changed_nothing_else_is_touched(
    document: str, other: str, data: st.DataObject
) -> None:
    spans = [(block.start, block.end) for block in blocks(document)]
    if not spans:
        return
    span = data.draw(st.sampled_from(spans))
    after = put_back(other, document, span)
    lines = document[slice(*span)]
    at = after.find(lines)
    assert at >= 0
    places = [i for i in range(len(after)) if after.startswith(lines, i)]
    assert any(after[:i] + after[i + len(lines) :] == other for i in places)


@given(document=DOCUMENTS)
def test_every_block_is_its_lines(document: str) -> None:
    end = 0
    for block in blocks(document):
        assert block.start >= end
        end = block.end
        lines = document[block.start : block.end]
        assert lines.startswith(block.marker)
        assert block.written(block.text).split() == lines.split()


def test_it_goes_to_the_end_where_its_neighbours_are_gone() -> None:
    before = "# A\n\n- one\n- two\n"
    [_, two] = blocks(before)
    assert put_back("# Other\n\n- three\n", before, (two.start, two.end)).count("- two\n") == 1
    assert put_back("", before, (two.start, two.end)) == "- two\n"
    assert put_back("no line break", before, (two.start, two.end)).count("- two\n") == 1
