"""Recordings lose their audio when their time is over; that there was one stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from deskbell import speech
from deskbell.accounts.actions import keep_for
from deskbell.accounts.models import Account
from deskbell.calls import removing
from deskbell.calls.actions import begin, keep_recording
from deskbell.calls.models import Recording
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope

DAY = timedelta(days=1)
WAV = speech.write_wav(b"\x00\x10" * 800)


def recorded(account: Account, at: datetime) -> Recording:
    with account_scope(account.pk):
        call = begin(
            account_id=account.pk,
            sid=new_sid("CA"),
            number=None,
            caller_id="+12125550177",
            caller_name="",
            dialled="+12125550142",
            at=at,
        )
        return keep_recording(sid=new_sid("RE"), call_sid=call.sid, wav=WAV, seconds=0.1, at=at)


def heard(account: Account) -> list[int]:
    """The ids of the recordings whose audio can still be heard."""
    with account_scope(account.pk):
        kept = [each for each in Recording.objects.order_by("id") if each.audio]
    return [each.pk for each in kept if Path(each.audio.path).exists()]


def test_what_is_older_than_the_account_keeps_goes(
    acme: Account, other: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "BATCH", 1)
    keep_for(account=other, message_days=180, recording_days=2)
    kept = {account: recorded(account, at - DAY).pk for account in (acme, other)}
    old = [recorded(acme, at - days * DAY) for days in (32, 40)]
    old += [recorded(other, at - days * DAY) for days in (3, 40)]
    assert all(Path(each.audio.path).exists() for each in old)
    done = {each.account.number: each.recordings for each in removing.remove_old(at)}
    assert done == {"W0411": 2, "W0422": 2}
    for account in (acme, other):
        assert heard(account) == [kept[account]]
        with account_scope(account.pk):
            assert Recording.objects.filter(removed_at=at).count() == 2
    assert not any(Path(each.audio.path).exists() for each in old)
    assert not list(removing.remove_old(at))
