"""What belongs to alice herself, for the tests of borders and rights."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image

from deskbell.accounts.actions import change_picture, make_api_token, make_user_token
from deskbell.accounts.models import Account, User
from deskbell.accounts.queries import api_tokens, user_tokens


def owned(account: Account, person: User, at: datetime) -> dict[str, str]:
    """A token of the account, one of the person's own, and the person's picture; by their names in
    addresses."""
    make_api_token(account=account, name="CRM", scopes=["messages:read"], at=at)
    make_user_token(user=person, name="Import", at=at)
    file = io.BytesIO()
    Image.new("RGB", (40, 40), (200, 30, 30)).save(file, "PNG")
    change_picture(user=person, upload=file.getvalue(), at=at)
    assert person.picture is not None
    return {
        "token_id": str(api_tokens(account)[0].pk),
        "own_token_id": str(user_tokens(person)[0].pk),
        "picture": person.picture.sha256,
    }
