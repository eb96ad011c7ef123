"""The only writes to accounts, users, memberships, tokens and phone numbers."""

from .accounts import check_time_zone, open_account
from .members import add_member, edit_member, join
from .numbers import NumberFields, add_number, edit_number, remove_number
from .people import UserFields, add_user, check_password, edit_user, record_sign_in
from .retention import keep_for
from .tokens import (
    count_wrong_token,
    make_api_token,
    make_user_token,
    network_of,
    revoke_api_token,
    use_api_token,
)

__all__ = [
    "NumberFields",
    "UserFields",
    "add_member",
    "add_number",
    "add_user",
    "check_password",
    "check_time_zone",
    "count_wrong_token",
    "edit_member",
    "edit_number",
    "edit_user",
    "join",
    "keep_for",
    "make_api_token",
    "make_user_token",
    "network_of",
    "open_account",
    "record_sign_in",
    "remove_number",
    "revoke_api_token",
    "use_api_token",
]
