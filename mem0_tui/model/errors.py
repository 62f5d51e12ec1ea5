"""Every error that mem0-tui raises on purpose.

    Mem0TuiError
    ├── UsageError                 the request itself is wrong (exit 2)
    │   ├── NothingToDoError       nothing is there that it could be about
    │   ├── QueryError             a query that does not parse; knows the column
    │   ├── SettingsError          a settings file, variable or option that is not valid
    │   │   └── SettingsFileError  a settings file that cannot be written
    │   └── FileFormatError        a plan, export or import file that cannot be read
    │       └── PlanChangedError   a plan file that was edited after it was written
    ├── RefusedError               the request is clear, and declined (exit 3)
    │   ├── ReadOnlyError          writing is switched off
    │   ├── UnsafeScopeError       a blank, wildcard or combined scope
    │   ├── ConfirmationError      a destructive step without the user's word for it
    │   ├── UnsupportedError       this backend cannot do that
    │   ├── StaleError             what was seen is no longer what is there
    │   ├── AppliedError           a plan, or an undo, that was applied already
    │   └── UnfinishedError        a transaction that has to be finished or closed first
    └── BackendError               the store, the server or the network failed (exit 4)
        ├── NotFoundError          no such memory, entity or event
        ├── AuthError              no key, a wrong key, or one without the right
        ├── InvalidRequestError    the server understood and said no
        ├── RateLimitedError       the server asks to wait
        ├── ServerError            the server failed
        ├── NetworkError           no answer: refused, timed out, cut off
        ├── ResponseError          an answer that is not what Mem0 documents
        │   └── IncompleteError    a listing of which only a part can be had
        └── StoreError             the embedded store's own failures
            ├── StoreNewerError    written by a later version of mem0-tui
            ├── StoreCorruptError  not a database, or a damaged one
            │   └── JournalDamagedError  the journal is; the memories are not
            ├── StoreFullError     no room on the disk
            ├── StoreAccessError   a folder or file that cannot be read or written
            ├── StoreMovedError    its file was removed or replaced while it was open
            └── StoreBusyError     another process held the store for too long

Adapters translate at their edge; only the front ends render.
"""

from __future__ import annotations


class Mem0TuiError(Exception):
    """Base of all errors here: says what happened and how to go on."""

    title = "Something went wrong"
    hint = ""
    retryable = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        """One line, without a final full stop, fit to follow the title."""
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return self.message


class UsageError(Mem0TuiError):
    title = "Not understood"


class NothingToDoError(UsageError):
    """What was asked for is understood, and there is nothing to do it to."""

    title = "Nothing to do"


class StoppedError(Mem0TuiError):
    """The user gave up what was going on."""

    title = "Stopped"


class NoEditorError(UsageError):
    """The user's editor cannot be run."""

    title = "No editor"


class QueryError(UsageError):
    """A query that does not parse."""

    title = "The query does not parse"

    def __init__(self, message: str, *, query: str, column: int, expected: str) -> None:
        super().__init__(message, hint=f"at column {column}: expected {expected}")
        self.query = query
        self.column = column
        """1-based column of the first character that does not fit."""
        self.expected = expected


class SettingsError(UsageError):
    title = "Invalid settings"


class SettingsFileError(SettingsError):
    title = "The settings cannot be changed"


class FileFormatError(UsageError):
    title = "The file cannot be read"


class PlanChangedError(FileFormatError):
    """What is applied is what was reviewed."""

    title = "The plan was changed"
    hint = "a plan file is applied as it was written: make a new plan"


class OutputError(Mem0TuiError):
    """What was asked for could not be printed: stdout is a file on a full disk."""

    title = "The output cannot be written"


class RefusedError(Mem0TuiError):
    title = "Refused"


class ReadOnlyError(RefusedError):
    title = "Read-only"
    hint = "pass --write, or set read_only = false in the settings, to change memories here"


class UnsafeScopeError(RefusedError):
    title = "Unsafe scope"
    hint = "name exactly one entity, in full"


class ConfirmationError(RefusedError):
    title = "Not confirmed"
    hint = "look at it with --dry-run, then pass --yes"


class UnsupportedError(RefusedError):
    title = "Not possible here"
    hint = "`mem0-tui backends` shows what each backend can do"


class StaleError(RefusedError):
    title = "Changed meanwhile"
    hint = "look at it again and make a new plan"


class AppliedError(RefusedError):
    """A plan is applied once, and nothing is taken back twice."""

    title = "Applied already"


class UnfinishedError(RefusedError):
    """Another transaction was begun and not finished."""

    title = "Not finished"

    def __init__(
        self, message: str, *, transaction_id: str = "", running: bool = False, hint: str = ""
    ) -> None:
        closing = f"`mem0-tui resume {transaction_id}` finishes it; with --leave it is closed as it"
        super().__init__(
            message, hint=hint or ("wait until it is done" if running else f"{closing} stands")
        )
        self.transaction_id = transaction_id
        """The transaction that is not finished."""
        self.running = running
        """Whether a living process is at work on it."""


class BackendError(Mem0TuiError):
    title = "The backend failed"


class NotFoundError(BackendError):
    title = "Not found"


class AuthError(BackendError):
    title = "The key was not accepted"
    hint = "check MEM0_API_KEY, or `mem0-tui config` for where the key comes from"


class InvalidRequestError(BackendError):
    title = "The server refused the request"


class RateLimitedError(BackendError):
    title = "Too many requests"
    hint = "wait a little and try again"
    retryable = True

    def __init__(
        self, message: str, *, retry_after: float | None = None, hint: str | None = None
    ) -> None:
        if retry_after is not None and hint is None:
            hint = f"the server asks to wait {retry_after:,.0f} s before trying again"
        super().__init__(message, hint=hint)
        self.retry_after = retry_after
        """Seconds the server asked to wait, if it said so."""


class ServerError(BackendError):
    title = "The server failed"
    retryable = True


class NetworkError(BackendError):
    title = "No answer"
    retryable = True
    hint = "check the URL and that the server is running"


class ResponseError(BackendError):
    title = "An answer that is not Mem0's"
    hint = "check that the URL names a Mem0 server"


class IncompleteError(ResponseError):
    """A listing of which only a part can be had, where all of it is needed."""

    title = "Not all memories can be read"
    hint = "narrow it down: one user, one agent or one run at a time, such as user:NAME"


class StoreError(BackendError):
    title = "The store failed"


class StoreNewerError(StoreError):
    title = "The store is of a newer version"
    hint = "update mem0-tui; nothing was changed"


class StoreCorruptError(StoreError):
    title = "The store is damaged"
    hint = (
        "keep the file; `mem0-tui export FILE --salvage` saves what can be read, and"
        " `mem0-tui import FILE` takes that, or an older export, into a new store"
    )


class JournalDamagedError(StoreCorruptError):
    """Memories can be read without it, and not changed."""

    title = "The journal is damaged"
    hint = (
        "your memories are not, and can still be read; `mem0-tui journal --begin-anew` keeps the"
        " damaged journal under another name and begins a new one, without the undo history"
    )


class StoreFullError(StoreError):
    title = "No room on the disk"
    hint = "free some room and try again; what was stored before is unharmed"


class StoreAccessError(StoreError):
    title = "A file cannot be read or written"
    hint = "check the permissions of the file and its folder"


class StoreMovedError(StoreError):
    title = "The store's file is gone"
    hint = "put the file back, or start again to use what is there now"


class StoreBusyError(StoreError):
    title = "The store is busy"
    hint = "another process is writing; try again"
    retryable = True
