"""How all that some memories name of one repository stands, with one look at its history."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from mem0_tui.evidence.repository.history import CHANGED, History
from mem0_tui.evidence.staleness.absent import Absences, Absent
from mem0_tui.evidence.staleness.assessed import NEVER, Assessed, Freshness, unverifiable
from mem0_tui.evidence.staleness.baseline import CommitBaseline, baseline_of
from mem0_tui.evidence.staleness.names import MOST, PathNames, is_generic
from mem0_tui.evidence.staleness.question import StalenessQuestion
from mem0_tui.evidence.staleness.reference import Reference, ReferenceKind
from mem0_tui.evidence.staleness.symbols import MOST_FILES, NamedSymbol, Symbols
from mem0_tui.git.objects import Tree, kinds_of, read_tree
from mem0_tui.git.place import Repository, RepositoryError
from mem0_tui.git.program import GitProgram

SECONDS = 60.0
"""How long git may take for one repository."""
Answers: TypeAlias = Mapping[str, tuple[Assessed, ...]]
"""By memory id, all that it names."""
_DAY = timedelta(days=1)
_PATHS = (ReferenceKind.PATH, ReferenceKind.FILE)


def assess(
    repository: Repository, questions: Sequence[StalenessQuestion], *, seconds: float = SECONDS
) -> Generator[None, None, Answers]:
    """What became of all that these memories name; yields after each piece of work.

    git is started at most eight times, whatever the number of memories, and only reads objects.
    Where it fails or takes longer than *seconds*, nothing can be verified.
    """
    if not any(each.references for each in questions):
        return {each.memory_id: () for each in questions}
    try:
        with GitProgram(repository, seconds=seconds) as git:
            history = History()
            yield from history.read(git)
            tree = read_tree(git, repository.head)
            yield
            return (yield from _Assessment(repository, git, history, tree, questions).all())
    except (RepositoryError, OSError) as error:
        why = str(error) if isinstance(error, RepositoryError) else f"git cannot run: {error}"
        return {
            each.memory_id: tuple(unverifiable(one, why) for one in each.references)
            for each in questions
        }


class _Assessment:
    def __init__(
        self,
        repository: Repository,
        git: GitProgram,
        history: History,
        tree: Tree,
        questions: Sequence[StalenessQuestion],
    ) -> None:
        self._repository, self._git = repository, git
        self._history, self._tree = history, tree
        self._questions = questions
        wanted = {ref.name.rpartition("/")[2] for each in questions for ref in each.references}
        self._names = PathNames(repository.root, history.paths, tree, wanted)
        self._done: dict[str, list[Assessed | None]] = {}
        self._living: list[tuple[str, int, CommitBaseline]] = []
        """Memory, index of the reference, and baseline of each file that is in the tree."""

    def all(self) -> Generator[None, None, Answers]:
        absent: list[Absent] = []
        for number, question in enumerate(self._questions):
            absent += self._first_look(question)
            if number % 200 == 199:
                yield
        self._look_at_commits()
        yield
        yield from self._count_changes()
        absences = Absences(self._repository, self._git, self._history, self._tree, self._names)
        yield from absences.look_into(absent)
        for each in absent:
            self._done[each.question.memory_id][each.place] = each.said
        symbols = Symbols(self._git, self._history, self._tree)
        yield from symbols.look_into(self._symbols(absent))
        return {
            each.memory_id: tuple(_held_against(each, self._done[each.memory_id]))
            for each in self._questions
        }

    def _symbols(self, absent: Sequence[Absent]) -> list[NamedSymbol]:
        """The symbols that are named together with a file, which may define them."""
        bases = {(each.question.memory_id, each.path): each.base for each in absent if each.path}
        found: list[NamedSymbol] = []
        for question in self._questions:
            done = self._done[question.memory_id]
            baseline: CommitBaseline | None = None
            for place, reference in enumerate(question.references):
                if reference.kind is not ReferenceKind.SYMBOL:
                    continue
                baseline = baseline or baseline_of(question, self._history)
                paths = [each.path for each in done if each is not None and each.path is not None]
                files = [path for path in paths if self._names.is_file(path)][:MOST_FILES]
                first = baseline.commits[0] if baseline.commits else -1
                places = [(bases.get((question.memory_id, path), first), path) for path in files]
                known = [(base, path) for base, path in places if base >= 0]
                found.append(NamedSymbol(reference, done, place, known))
        return found

    def _first_look(self, question: StalenessQuestion) -> Iterator[Absent]:
        """Settle what the paths alone tell; the rest is absent."""
        done: list[Assessed | None] = [None] * len(question.references)
        self._done[question.memory_id] = done
        baseline = baseline_of(question, self._history)
        hints = [folder for folder in question.folders if self._names.known(folder)]
        for place, reference in enumerate(question.references):
            if reference.kind is ReferenceKind.BRANCH:
                done[place] = self._branch(reference)
            if reference.kind not in _PATHS:
                continue
            said = self._by_name(reference, hints)
            if isinstance(said, Assessed):
                done[place] = said
                if said.path in self._tree.files and baseline.commits:
                    self._living.append((question.memory_id, place, baseline))
            elif baseline.commits:
                yield Absent(question, place, said, baseline)
            else:
                done[place] = unverifiable(reference, baseline.why_not)

    def _by_name(self, reference: Reference, hints: Sequence[str]) -> Assessed | list[str]:
        """How it stands, where the paths tell; else the paths, none of them in the tree, that it
        may mean."""
        inside = self._names.inside(reference.name)
        if inside is None:
            return unverifiable(reference, "it lies outside of the repository")
        meant = self._names.meant(reference, hints)
        alive = [path for path in meant if path in self._tree]
        if len(alive) == 1:
            return Assessed(reference, Freshness.FRESH, path=alive[0])
        if alive or len(meant) > MOST:
            return unverifiable(reference, "several files have that name")
        if (link := self._tree.below_outside(inside)) is not None:
            return unverifiable(reference, f"{link} is a link or a submodule")
        if self._on_disk(inside):
            return Assessed(reference, Freshness.FRESH, "it is there, not committed")
        if not meant:
            return unverifiable(reference, NEVER)
        if reference.kind is ReferenceKind.FILE and is_generic(reference.name) and not hints:
            return unverifiable(reference, "many files have such a name")
        return meant

    def _on_disk(self, path: str) -> bool:
        if self._repository.bare or "\0" in path:
            return False
        return os.path.lexists(os.path.join(self._repository.root, path))

    def _branch(self, reference: Reference) -> Assessed:
        names = self._repository.branches
        if reference.name in names or any(n.endswith("/" + reference.name) for n in names):
            return Assessed(reference, Freshness.FRESH)
        return unverifiable(reference, "a branch that is gone does not make a memory stale")

    def _look_at_commits(self) -> None:
        unknown: list[tuple[str, int, Reference]] = []
        for question in self._questions:
            for place, each in enumerate(question.references):
                if each.kind is not ReferenceKind.COMMIT:
                    continue
                number = self._history.find(each.name)
                if number is None:
                    unknown.append((question.memory_id, place, each))
                    continue
                id_, at = self._history.ids[number], self._history.moment(number)
                found = Assessed(each, Freshness.FRESH, commit=id_, at=at)
                self._done[question.memory_id][place] = found
        kinds = kinds_of(self._git, [each.name for _, _, each in unknown])
        for (memory_id, place, each), kind in zip(unknown, kinds, strict=True):
            why = "it is on another branch" if kind == "commit" else "no commit here has that id"
            self._done[memory_id][place] = unverifiable(each, why)

    def _count_changes(self) -> Generator[None, None, None]:
        """Say of each file that is there how often it has changed since."""
        ancestry = self._history.reached([base.commits[0] for _, _, base in self._living])
        yield
        at = {(id_, place): self._done[id_][place] for id_, place, _ in self._living}
        paths = {each.path for each in at.values() if each is not None and each.path is not None}
        events = self._history.events(paths, bytes((CHANGED,)))
        yield
        for memory_id, place, baseline in self._living:
            each = at[memory_id, place]
            assert each is not None
            earlier = ancestry.of(baseline.commits[0])
            since = [e for e in events.get(each.path or "", ()) if not earlier(e.commit)]
            if since:
                self._done[memory_id][place] = replace(
                    each,
                    freshness=Freshness.CHANGED,
                    changes=len(since),
                    commit=self._history.ids[since[0].commit],
                    at=self._history.moment(since[0].commit),
                )


def _held_against(
    question: StalenessQuestion, done: Sequence[Assessed | None]
) -> Iterator[Assessed]:
    """*done*, where what is gone or moved says whether it is held against the memory."""
    for each in done:
        if each is None:
            continue
        if not each.stale or not each.reference.in_text:
            yield each
        elif question.preference:
            yield replace(each, why="a preference is not about files")
        elif each.reference.past:
            yield replace(each, why="the text itself speaks of a change")
        elif each.at and question.created_at and each.at <= question.created_at + _DAY:
            yield replace(each, why="it happened within a day")
        else:
            yield replace(each, counts=True)
