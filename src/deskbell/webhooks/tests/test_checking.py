"""The function that receivers copy agrees with what we sign, and stands in the guide as it is."""

from __future__ import annotations

import inspect
from datetime import timedelta
from pathlib import Path

from deskbell.delivery.transports.webhook.signature import sign
from deskbell.foundation.clock import now
from deskbell.webhooks import checking
from deskbell.webhooks.checking import is_from_deskbell

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "how-to" / "receive-webhooks.md"


def test_what_we_sign_is_from_us() -> None:
    header = sign("whsec_7", b'{"id":1}', now())
    assert is_from_deskbell("whsec_7", b'{"id":1}', header)
    assert not is_from_deskbell("whsec_8", b'{"id":1}', header)
    assert not is_from_deskbell("whsec_7", b'{"id":2}', header)
    old = sign("whsec_7", b"{}", now() - timedelta(minutes=6))
    assert not is_from_deskbell("whsec_7", b"{}", old)
    for odd in ("", "t=,v1=", "v1=abc", "t=x,v1=y", ",,,=,"):
        assert not is_from_deskbell("whsec_7", b"{}", odd)


def test_the_guide_has_it_word_for_word() -> None:
    code = "".join(inspect.getsource(checking).partition("import hashlib")[1:])
    assert f"```python\n{code.strip()}\n```" in GUIDE.read_text()
