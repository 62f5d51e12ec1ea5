"""Memories that say the same, put together: stars, so that no chain of likenesses grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mem0_tui.detect.repeats.edges import Edge, Edges, Node
from mem0_tui.detect.repeats.memory_table import MemoryTable
from mem0_tui.detect.repeats.owner import Owner
from mem0_tui.detect.repeats.relation import Relation


class Star(NamedTuple):
    """Memories of one owner, all of which say what the kept one says."""

    owner: Owner
    kept: int
    """Its place."""
    others: tuple[int, ...]
    """The places of the others, in order of rank; empty where it is alone."""


class Groups:
    """All stars, and which stands for the memories of a node."""

    def __init__(
        self, table: MemoryTable, edges: Edges, valid: Sequence[Edge], shared: Sequence[int]
    ):
        """*valid* are the edges that stand, *shared* the numbers of the classes with more than one
        member."""
        self._table = table
        self._edges = edges
        self._friends: dict[Node, set[Node]] = {}
        self._nodes: dict[Node, None] = {}
        self._members: dict[int, dict[str, list[int]]] = {}
        self._kept: dict[tuple[Node, Owner], int] = {}
        for edge in valid:
            self._nodes[edge.one] = self._nodes[edge.other] = None
            if edge.judgement.sort is Relation.REPEAT:
                self._friends.setdefault(edge.one, set()).add(edge.other)
                self._friends.setdefault(edge.other, set()).add(edge.one)
        self._shared = shared
        for node in self._nodes:  # a class with one member has one form
            if node.number not in self._members and not edges.has_several(node.number):
                self._members[node.number] = edges.only_form(node)

    def stars(self) -> Iterator[list[Star]]:
        """The stars of texts that belong together, component by component; some are empty."""
        seen: set[Node] = set()
        for node in list(self._nodes):
            if node not in seen:
                yield self._component(node, seen)
        for number in self._shared:
            for form in list(self._of_class(number)):
                if (node := Node(number, form)) not in seen:
                    yield self._component(node, seen)

    def kept_of(self, node: Node) -> dict[Owner, int]:
        """By owner, the place that stands for the memories of *node*, once all stars are known."""
        owners = {self._table.owner(place) for place in self._of_class(node.number)[node.form]}
        return {owner: self._kept[node, owner] for owner in owners}

    def _component(self, start: Node, seen: set[Node]) -> list[Star]:
        nodes, todo = [], [start]
        seen.add(start)
        while todo:
            node = todo.pop()
            nodes.append(node)
            for friend in self._friends.get(node, ()):
                if friend not in seen:
                    seen.add(friend)
                    todo.append(friend)
        by_owner: dict[Owner, list[tuple[int, Node]]] = {}
        for node in nodes:
            for place in self._of_class(node.number).get(node.form, ()):
                by_owner.setdefault(self._table.owner(place), []).append((place, node))
        found: list[Star] = []
        for owner in sorted(by_owner):
            found.extend(self._stars_of(owner, by_owner[owner]))
        return found

    def _stars_of(self, owner: Owner, members: list[tuple[int, Node]]) -> Iterator[Star]:
        """The stars of one component and owner: the best is kept, and takes those beside it."""
        table = self._table
        if len(members) > 1:
            members = sorted(members, key=lambda member: table.id(member[0]))
            members.sort(key=lambda member: table.rank(member[0]), reverse=True)
        while members:
            kept, center = members[0]
            near = self._friends.get(center, set()) | {center}
            taken = [member for member in members if member[1] in near]
            members = [member for member in members if member[1] not in near]
            for _, node in taken:
                self._kept.setdefault((node, owner), kept)
            yield Star(owner, kept, tuple(place for place, _ in taken[1:]))

    def _of_class(self, number: int) -> dict[str, list[int]]:
        if number not in self._members:
            self._members[number] = self._edges.forms(number)
        return self._members[number]
