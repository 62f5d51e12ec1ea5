"""Which memories a plan and a transaction are about, and whether a plan is for these."""

from __future__ import annotations

from collections.abc import Collection

from mem0_tui.backends.base import BackendInfo
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.model.errors import ConfirmationError, RefusedError
from mem0_tui.store.journal.rows import JournalTarget, true_name


def target_of(info: BackendInfo) -> JournalTarget:
    """*info* as the journal names it: a store by its real path."""
    return JournalTarget(info.backend, true_name(info.backend, info.target), info.account)


def check_plan(plan: Plan, info: BackendInfo, confirmed_scopes: Collection[str]) -> None:
    """Do nothing if *plan* may be applied to the backend *info*.

    Raises:
        RefusedError: it was made for another one.
        ConfirmationError: it deletes an entity whose name is not in *confirmed_scopes*.
    """
    there = plan.target
    accounts = {there.account, info.account} - {None}
    if not target_of(there).same(target_of(info)) or len(accounts) > 1:
        raise RefusedError(f"the plan was made for {there}, this is {info}")
    for entity in plan.scopes:
        if str(entity) not in confirmed_scopes:
            raise ConfirmationError(
                f"deleting all of {entity} needs its name", hint=f"type {entity} to confirm"
            )
