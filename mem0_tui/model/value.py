"""Plain values with named fields, such as the events of a session.

They behave like frozen dataclasses. But a dataclass compiles half a dozen methods when its module
is imported, and a program with a hundred kinds of events pays for that at each start. Here all
kinds share their methods; these are a little slower, and are called a few times for each key.
"""

from __future__ import annotations

from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """A base class: the annotated names of a subclass are its fields, in that order. Instances of
    the same class with equal fields are equal, and cannot be changed."""

    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = (name for name, type_ in cls.__annotations__.items() if "ClassVar" not in str(type_))
        cls.__match_args__ = tuple(  # type: ignore[misc]
            dict.fromkeys((*cls.__match_args__, *own))
        )

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.__match_args__
        given = dict(zip(names, values, strict=False))
        twice = given.keys() & named.keys()
        unknown = named.keys() - set(names)
        if len(values) > len(names) or twice or unknown:
            raise TypeError(f"{type(self).__name__} takes {names}, each once")
        given.update(named)
        if len(given) < len(names):
            for name in names:
                if name not in given:
                    try:
                        given[name] = getattr(type(self), name)
                    except AttributeError:
                        raise TypeError(f"{type(self).__name__} needs {name}") from None
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self.__match_args__)))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"
