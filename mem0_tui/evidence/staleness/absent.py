"""Paths that a memory names and that are not in the tree: whether they were there, and where they
went."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from mem0_tui.evidence.repository.history import Ancestry, History
from mem0_tui.evidence.staleness.assessed import Assessed, Freshness, unverifiable
from mem0_tui.evidence.staleness.baseline import CommitBaseline
from mem0_tui.evidence.staleness.following import Ending, Endings
from mem0_tui.evidence.staleness.names import PathNames
from mem0_tui.evidence.staleness.question import StalenessQuestion
from mem0_tui.evidence.staleness.reference import Reference
from mem0_tui.git.objects import Tree, kinds_of
from mem0_tui.git.place import Repository
from mem0_tui.git.program import GitProgram, joined


@dataclass(slots=True)
class Absent:
    """One reference to a path that is not in the tree, while it is looked into."""

    question: StalenessQuestion
    place: int
    """Index among the memory's references."""
    paths: list[str]
    """What it may mean."""
    baseline: CommitBaseline
    path: str = ""
    """What it means."""
    base: int = -1
    """Number of a commit in which that was there."""
    ending: Ending | None = None
    said: Assessed | None = None
    """How it stands, once that is known."""

    @property
    def reference(self) -> Reference:
        return self.question.references[self.place]

    def cannot_tell(self, why: str) -> None:
        """Settle that nothing can be said, for *why*."""
        self.said = unverifiable(self.reference, why)


class Absences:
    """Looks into all of them together."""

    def __init__(
        self,
        repository: Repository,
        git: GitProgram,
        history: History,
        tree: Tree,
        names: PathNames,
    ) -> None:
        self._repository, self._git = repository, git
        self._history, self._tree, self._names = history, tree, names
        self._at_tips: set[tuple[str, str]] = set()
        """Ids of tips of branches, and paths that are there."""

    def look_into(self, absent: Sequence[Absent]) -> Generator[None, None, None]:
        """Settle each of *absent*, yielding after each piece of work.

        Raises:
            RepositoryError: git fails, or takes too long.
        """
        self._look_then(absent)
        yield
        left = [each for each in absent if each.said is None]
        if not left:
            return
        ancestry = self._history.reached([each.base for each in left])
        yield
        endings = Endings(self._history, self._tree)
        yield
        endings.look_up_additions({each.path for each in left})
        yield
        self._follow(left, endings, ancestry)
        if any(each.ending is None for each in left):
            endings.more(self._history.merge_endings(self._git))
            yield
            self._follow(left, endings, ancestry)
        self._look_elsewhere([each for each in left if each.ending is not None])
        yield
        for each in left:
            if each.said is None:
                self._settle(each)

    def _look_then(self, absent: Sequence[Absent]) -> None:
        """Find out which path was there when each memory was made."""
        asked = {
            (commit, path): False
            for each in absent
            for path in each.paths
            if "\n" not in path
            for commit in each.baseline.commits
        }
        tips = {
            (id_, path)
            for each in absent
            for path in each.paths
            if "\n" not in path
            for _, id_ in self._tips(each.question.branch)
        }
        at_tips = sorted(tips)
        names = [f"{self._history.ids[commit]}:{path}" for commit, path in asked]
        names += [f"{id_}:{path}" for id_, path in at_tips]
        kinds = kinds_of(self._git, names)
        for key, kind in zip(asked, kinds, strict=False):
            asked[key] = kind is not None
        later = zip(at_tips, kinds[len(asked) :], strict=True)
        self._at_tips = {key for key, kind in later if kind is not None}
        if self._history.partial:
            asked.update(dict.fromkeys(self._history.existed(asked), True))
        for each in absent:
            why = "it was not there when the memory was made"
            for commit in each.baseline.commits:
                there = [path for path in each.paths if asked.get((commit, path))]
                if len(there) == 1:
                    each.path, each.base = there[0], commit
                    break
                if there:
                    why = "several files had that name"
                    break
            if not each.path:
                each.cannot_tell(why)

    def _follow(self, absent: Sequence[Absent], endings: Endings, ancestry: Ancestry) -> None:
        for each in absent:
            if each.ending is None:
                follow = endings.follow if self._names.is_file(each.path) else endings.follow_folder
                each.ending = follow(each.path, ancestry.of(each.base))

    def _look_elsewhere(self, ended: Sequence[Absent]) -> None:
        """Settle those that are still on the branch that the memory or the checkout belongs to, as
        it is elsewhere, and those that are left out of the repository on purpose."""
        for each in ended:
            for name, id_ in self._tips(each.question.branch):
                if (id_, each.path) in self._at_tips:
                    each.cannot_tell(f"it is still on the branch {name}")
        gone = [e for e in ended if e.ending is not None and e.ending.target is None]
        if gone and not self._repository.bare:
            left_out = self._ignored(list({each.path for each in gone}))
            for each in gone:
                if each.path in left_out:
                    each.cannot_tell("git is told to ignore it now")

    def _tips(self, branch: str | None) -> Iterator[tuple[str, str]]:
        """Other tips of the branch that is checked out, and of *branch*."""
        wanted = {name for name in (self._repository.branch, branch) if name}
        for name, id_ in self._repository.branches.items():
            ours = name in wanted or name.partition("/")[2] in wanted
            if ours and id_ != self._repository.head and self._history.find(id_) is None:
                yield name, id_

    def _ignored(self, paths: Sequence[str]) -> set[str]:
        """Those of *paths* that the ignore files of the working tree leave out."""
        plain = [f"./{path}\0" for path in paths]  # a colon before it would be an order to git
        asked = "".join(plain).encode("utf-8", "surrogateescape")
        command, root = ("check-ignore", "-z", "--stdin", "--no-index"), self._repository.root
        said = joined(self._git.run(*command, asked=asked, worktree=root, fine=(0, 1)))
        found = said.decode("utf-8", "surrogateescape").split("\0")
        return {path.removeprefix("./") for path in found}

    def _settle(self, each: Absent) -> None:
        ending = each.ending
        if ending is None:
            return each.cannot_tell("no commit shows what became of it")
        gone = ending.target is None
        if gone and (other := self._names.other_case(each.path)) is not None:
            return each.cannot_tell(f"{other} differs in case alone")
        each.said = Assessed(
            each.reference,
            Freshness.GONE if gone else Freshness.MOVED,
            path=each.path,
            target=self._names.namesake(each.path) if gone else ending.target,
            commit=self._history.ids[ending.commit],
            at=self._history.moment(ending.commit),
        )
        return None
