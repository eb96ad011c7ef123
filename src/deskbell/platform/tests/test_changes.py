"""Versions rise per account, in the transaction of what changed."""

from __future__ import annotations

import pytest
from django.db import transaction

from deskbell.platform.changes import touch, version_of


@pytest.mark.django_db
def test_versions_rise_per_account_and_roll_back() -> None:
    assert version_of(1) == 0
    touch(1)
    touch(1)
    touch(2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        touch(1)
        raise ZeroDivisionError
    assert (version_of(1), version_of(2)) == (2, 1)
