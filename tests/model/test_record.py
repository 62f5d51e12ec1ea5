"""A record behaves as a frozen dataclass does."""

from __future__ import annotations

import pytest

from mem0_tui.model.record import Record


class Place(Record):
    path: str
    line: int | None = None

    @property
    def words(self) -> str:
        return f"{self.path}:{self.line}"


class Other(Record):
    path: str
    line: int | None = None


def test_fields_come_by_place_by_name_or_by_default() -> None:
    assert Place("a", 3) == Place(path="a", line=3) == Place("a", line=3)
    assert Place("a").line is None
    assert Place("a", 3).words == "a:3"


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), (("a", 1, 2), {}), (("a",), {"path": "b"}), (("a",), {"x": 1})]
)
def test_a_field_that_lacks_or_that_there_is_not_is_an_error(
    values: tuple[object, ...], named: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="Place"):
        Place(*values, **named)  # type: ignore[arg-type]


def test_it_does_not_change() -> None:
    place = Place("a", 3)
    with pytest.raises(AttributeError, match="line cannot be set"):
        place.line = 4  # type: ignore[misc]
    with pytest.raises(AttributeError, match="line cannot be deleted"):
        del place.line
    assert place.replace(line=4) == Place("a", 4)
    assert place == Place("a", 3)


def test_equal_records_are_one_in_a_set_and_kinds_differ() -> None:
    assert {Place("a"), Place("a"), Place("b")} == {Place("a"), Place("b")}
    assert Place("a") != Other("a")
    assert repr(Place("a", 3)) == "Place(path='a', line=3)"
