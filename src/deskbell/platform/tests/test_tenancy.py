"""Scopes: none means an error, the inner one holds, and leaving restores the outer."""

from __future__ import annotations

import pytest

from deskbell.foundation.errors import OutOfScope
from deskbell.platform.tenancy import account_scope, current_scope, system_scope


def test_no_scope_is_an_error() -> None:
    with pytest.raises(OutOfScope, match="account_scope"):
        current_scope()


def test_scopes_nest_and_are_left_even_by_errors() -> None:
    with system_scope("a test"):
        with pytest.raises(ZeroDivisionError), account_scope(7):
            assert current_scope().account_id == 7
            raise ZeroDivisionError
        assert current_scope().account_id is None
