"""A late dataclass is what ``dataclasses`` makes of it, from its first instance on."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from threading import Barrier, Thread

import pytest

from mem0_tui.model.late import late_dataclass


@late_dataclass(frozen=True)
class Point:
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list, compare=False)


def test_it_behaves_as_a_dataclass() -> None:
    @late_dataclass(frozen=True)
    class Checked:
        """Refuses what is not positive."""

        size: int
        twice: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            if self.size < 1:
                raise ValueError("too small")
            object.__setattr__(self, "twice", 2 * self.size)

    assert Checked(3).twice == 6
    with pytest.raises(ValueError, match="too small"):
        Checked(0)
    with pytest.raises(TypeError):
        Checked()  # type: ignore[call-arg]
    point = Point(1)
    assert point == Point(1, 2, ["other"])
    assert point != Point(2)
    assert hash(point) == hash(Point(1))
    assert repr(point).endswith("Point(x=1, y=2, names=[])")
    assert replace(point, x=5) == Point(5)
    with pytest.raises(FrozenInstanceError):
        point.x = 3  # type: ignore[misc]
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("it has no fields to match")


def test_one_that_may_change_can_be_changed_from_the_start() -> None:
    @late_dataclass()
    class Counter:
        count: int = 0

    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)


def test_its_fields_are_there_before_its_first_instance() -> None:
    @late_dataclass(frozen=True)
    class Base:
        first: int

    @late_dataclass(frozen=True)
    class Later(Base):
        second: int = 2

    @dataclass(frozen=True)
    class Usual(Base):
        third: int = 3

    class Plain(Base):
        """No dataclass itself."""

    assert is_dataclass(Later)
    assert [each.name for each in fields(Later)] == ["first", "second"]
    assert Usual(1) == Usual(first=1, third=3)
    assert Plain(4).first == 4
    assert Base(4) != Plain(4)


def test_threads_may_make_the_first_instance_at_once() -> None:
    @late_dataclass(frozen=True)
    class Shared:
        number: int

    ready, made = Barrier(4), []

    def make() -> None:
        ready.wait()
        made.append(Shared(1))

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [Shared(1)] * 4
