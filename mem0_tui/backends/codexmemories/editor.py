"""Makes the changes in Codex's folder of memories, one file at a time, each with a copy before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from mem0_tui.backends.codexmemories import jobs, notes
from mem0_tui.backends.codexmemories.folder import MemoryFolder
from mem0_tui.backends.codexmemories.markdown import MarkdownBlock, blocks
from mem0_tui.backends.codexmemories.passage import IN_TEXT, Passage, PassageKind
from mem0_tui.backends.codexmemories.placing import put_back, without
from mem0_tui.backends.codexmemories.writing import Copies, replace_file
from mem0_tui.model.clock import Clock
from mem0_tui.model.errors import (
    InvalidRequestError,
    Mem0TuiError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from mem0_tui.model.memory import Memory

_AGAIN = "Codex makes it anew from its database at the next consolidation"
_TELL = "add a note that says what to forget"


class FolderEditor:
    """The only one who writes to *folder*, which belongs to the Codex of *codex_home*."""

    def __init__(
        self, codex_home: Path, folder: MemoryFolder, copies: Copies, clock: Clock
    ) -> None:
        self._home = codex_home
        self._folder = folder
        self._copies = copies
        self._clock = clock

    def ids(self, passages: Sequence[Passage]) -> list[str]:
        """The ids of *passages*: by what they say and where, or what they had before an edit."""
        known, removed = self._copies.ids(), self._removed()
        taken: set[str] = set()
        found = []
        for passage in passages:
            for number in count(passage.number):
                key = replace(passage, number=number).key
                id_ = known.get(key, key)
                # Of equal ones, one that was removed leaves its id behind, to come back with.
                if id_ not in taken and id_ not in removed:
                    break
            taken.add(id_)
            found.append(id_)
        return found

    def _removed(self) -> frozenset[str]:
        """The ids of what was taken out and not put back: not what a crash kept from going."""
        return frozenset(
            id_
            for id_, place in self._copies.places().items()
            if place.get("done") or self._copies.text(str(place["copy"])) != self._text(place)
        )

    def _text(self, place: Mapping[str, object]) -> str | None:
        try:
            return self._folder.read(str(place["file"]))
        except FileNotFoundError:
            return None

    def add_note(self, text: str) -> str:
        """Write *text* as a note; its file."""
        slug = notes.slug_of(text)
        now = self._clock.now()
        return notes.write_note(
            self._folder.path, slug, text + "\n", now, beside=self._copies.folder()
        )

    def rewrite(self, id_: str, passage: Passage, text: str) -> None:
        """Give *passage* the text *text*; its id stays.

        Raises:
            RefusedError: Codex is writing, or would make it anew.
            StaleError: it is not there any more as it was.
        """
        if not text.strip():
            raise InvalidRequestError("a memory needs a text")
        self._check(passage)
        now = self._read(passage)
        if passage.kind is PassageKind.NOTE:
            after, key = text + "\n", Passage(passage.kind, passage.file, text).key
        else:
            block = self._place(passage, now)
            after = now[: block.start] + block.written(text) + now[block.end :]
            made = [each for each in blocks(after) if each.start == block.start]
            if len(made) != 1 or made[0].text != text:
                raise InvalidRequestError(
                    "that text would be several paragraphs or list items in Codex's file",
                    hint="leave out blank lines, headings and list signs at the start of lines",
                )
            key = _key_in(after, passage, made[0])
        self._copies.keep(passage.file, now, self._clock.now())
        self._copies.note_id(key, id_)
        replace_file(
            self._folder.path / passage.file, after, beside=self._copies.folder(), expected=now
        )

    def remove(
        self, chosen: Mapping[str, Passage], *, forever: bool = False
    ) -> dict[str, Mem0TuiError | None]:
        """Take the passages *chosen* out, by id; what became of each. With *forever* nothing is
        kept of what they say: no copy to put them back from, and no note, which would quote it."""
        outcome: dict[str, Mem0TuiError | None] = {}
        by_file: dict[str, dict[str, Passage]] = {}
        for id_, passage in chosen.items():
            try:
                self._check(passage)
            except Mem0TuiError as error:
                outcome[id_] = error
            else:
                by_file.setdefault(passage.file, {})[id_] = passage
        told: list[str] = []
        for file, passages in by_file.items():
            try:
                gone, missing = self._remove_from(file, passages, keep=not forever)
            except Mem0TuiError as error:
                outcome |= dict.fromkeys(passages, error)
                continue
            outcome |= {id_: missing.get(id_) for id_ in passages}
            told += gone
        if forever:
            texts = [each.text for id_, each in chosen.items() if outcome.get(id_) is None]
            for text in texts:
                notes.take_back(self._folder.path, text, beside=self._copies.folder())
            return outcome
        notes.tell_to_forget(
            self._folder.path, told, self._clock.now(), beside=self._copies.folder()
        )
        return outcome

    def _remove_from(
        self, file: str, passages: Mapping[str, Passage], *, keep: bool
    ) -> tuple[list[str], dict[str, Mem0TuiError]]:
        """The texts that were taken out of *file*, and why others were not."""
        first = next(iter(passages.values()))
        now = self._read(first)
        if first.kind is PassageKind.NOTE:
            whole = dict.fromkeys(passages, 0)
            with self._kept(file, now, whole if keep else {}):
                (self._folder.path / file).unlink()
            return [], {}
        taken: dict[str, MarkdownBlock] = {}
        missing: dict[str, Mem0TuiError] = {}
        for id_, passage in passages.items():
            try:
                taken[id_] = self._place(passage, now)
            except StaleError as error:
                missing[id_] = error
        if taken:
            order = [block.start for block in blocks(now)]
            stood = {id_: order.index(block.start) for id_, block in taken.items()}
            after = without(now, ((block.start, block.end) for block in taken.values()))
            with self._kept(file, now, stood if keep else {}):
                replace_file(
                    self._folder.path / file, after, beside=self._copies.folder(), expected=now
                )
        return [block.text for block in taken.values()], missing

    @contextmanager
    def _kept(self, file: str, now: str, stood: Mapping[str, int]) -> Iterator[None]:
        """Keep a copy of *file*, which holds *now*, from before the block, and which of its
        passages *stood* where, by id; a crash in between is told from a removal by the file."""
        places: dict[str, dict[str, object]] = {}
        if stood:
            copy = self._copies.keep(file, now, self._clock.now())
            places = {id_: {"copy": copy, "file": file, "at": at} for id_, at in stood.items()}
            self._copies.note_places(places)
        yield
        if places:
            self._copies.note_places({id_: {**each, "done": True} for id_, each in places.items()})

    def put_back(self, memory: Memory) -> None:
        """Put back what was removed, at the place it had.

        Raises:
            RefusedError: Codex is writing.
            NotFoundError: nobody remembers where it stood.
        """
        places = self._copies.places()
        place = places.get(memory.id)
        before = None if place is None else self._copies.text(str(place["copy"]))
        if place is None or before is None:
            raise NotFoundError("the earlier copy of Codex's file is gone", hint="add it as a note")
        file = str(place["file"])
        jobs.check_idle(str(self._home), self._clock.now().timestamp())
        path = self._folder.path / file
        try:
            now = self._folder.read(file)
        except FileNotFoundError:
            now = None
        whole = memory.type == PassageKind.NOTE
        spans = [(block.start, block.end) for block in blocks(before)]
        span = (0, len(before)) if whole else spans[int(str(place["at"]))]
        if now is None or whole:
            path.parent.mkdir(parents=True, exist_ok=True)
            after = before if whole else before[slice(*span)]
        else:
            self._copies.keep(file, now, self._clock.now())
            group = [
                spans[int(str(each["at"]))]
                for each in places.values()
                if each["copy"] == place["copy"]
            ]
            after = put_back(now, before, span, group)
        replace_file(path, after, beside=self._copies.folder(), expected=now)
        self._copies.forget_place(memory.id)
        notes.take_back(self._folder.path, memory.text, beside=self._copies.folder())

    def _check(self, passage: Passage) -> None:
        """Do nothing where *passage* may be changed.

        Raises:
            RefusedError: Codex is writing, or would make it anew.
        """
        if passage.kind is PassageKind.ROLLOUT:
            kept = jobs.kept_sessions(str(self._home))
            if passage.thread in kept or passage.thread is None or not kept:
                raise RefusedError(f"a session's summary cannot be removed: {_AGAIN}", hint=_TELL)
            raise RefusedError("a session's summary is Codex's own record", hint=_TELL)
        if passage.kind is PassageKind.RESOURCE:
            raise RefusedError(f"{passage.file} belongs to an extension of Codex", hint=_TELL)
        if passage.kind in IN_TEXT:
            jobs.check_idle(str(self._home), self._clock.now().timestamp())

    def _read(self, passage: Passage) -> str:
        try:
            return self._folder.read(passage.file)
        except FileNotFoundError:
            raise StaleError(f"{passage.file} is gone", hint="look again") from None

    def _place(self, passage: Passage, now: str) -> MarkdownBlock:
        """Where *passage* stands in *now*, by what it says and under which headings.

        Raises:
            StaleError: it does not stand there any more.
        """
        same = [
            block
            for block in blocks(now)
            if block.headings == passage.headings and block.text == passage.text
        ]
        if len(same) <= passage.number:
            raise StaleError("it is no longer in Codex's file", hint="look again")
        return same[passage.number]


def _key_in(document: str, passage: Passage, block: MarkdownBlock) -> str:
    """The key of the passage that *block* of *document* is, which *passage* was before."""
    equal = (b for b in blocks(document) if b.headings == block.headings and b.text == block.text)
    number = sum(each.start < block.start for each in equal)
    return Passage(passage.kind, passage.file, block.text, block.headings, block, number=number).key
