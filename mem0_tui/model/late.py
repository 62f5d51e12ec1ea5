"""Dataclasses whose methods are made with their first instance.

A dataclass writes and compiles its methods when its module is imported: half a millisecond a class,
and a program of a hundred modules pays that at each start for classes of which most are never
needed. Here the same is done when it is: what a class is, does and costs afterwards is what
``dataclasses`` makes of it. A class of which there are many instances is better off with slots,
which have to be there from the beginning.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as late_dataclass
else:
    T = TypeVar("T", bound=type)
    _making = RLock()

    def late_dataclass(**how: Any) -> Callable[[T], T]:
        """:func:`dataclasses.dataclass`, but for ``slots``, later."""

        def decorate(cls: T) -> T:
            def __new__(of: type, *_values: Any, **_named: Any) -> Any:
                _make(cls, how)
                return object.__new__(of)

            # Not in __init__, which would be missing for a moment to other threads.
            cls.__new__ = __new__
            cls.__dataclass_fields__ = _Fields(cls, how)
            return cls

        return decorate

    class _Fields:
        """Stands for the fields of a class until somebody looks at them, such as a subclass."""

        def __init__(self, cls: type, how: dict[str, Any]) -> None:
            self._cls, self._how = cls, how

        def __get__(self, instance: object, owner: type) -> Any:
            _make(self._cls, self._how)
            return self._cls.__dataclass_fields__

    def _make(cls: type, how: dict[str, Any]) -> None:
        with _making:
            if isinstance(cls.__dict__["__dataclass_fields__"], _Fields):
                dataclasses.dataclass(**how)(cls)
                cls.__new__ = _new  # it cannot be deleted: object's would then refuse the values

    def _new(of: type, *_values: Any, **_named: Any) -> Any:
        return object.__new__(of)


__all__ = ["late_dataclass"]
