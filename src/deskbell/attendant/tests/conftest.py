"""A system to edit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a conftest can be loaded before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.attendant.models import System


@pytest.fixture
def system(acme: Account, at: datetime) -> System:
    """Acme's front desk, without numbers, menus or schedules."""
    from deskbell.attendant import actions
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        return actions.add_system(account=acme, name="Front desk", at=at, time_zone=acme.time_zone)
