"""What is done by each operation of both REST APIs, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ninja import NinjaAPI

from deskbell.audit.acts import Said, declare_one

# By what they are about, as in the portal.
V2: Final[Mapping[str, Mapping[str, str]]] = {
    "Messages": {"acknowledge_message": "Acknowledged a message"},
    "To Dos": {"create_to_do": "Added a To Do", "delete_to_do": "Deleted a To Do"},
    "Webhooks": {
        "make_webhook": "Added a webhook",
        "change_webhook": "Changed a webhook",
        "delete_webhook": "Deleted a webhook",
        "give_new_secret": "Gave a webhook a new secret",
        "send_test": "Sent a test to a webhook",
        "send_again": "Sent a notice to a webhook again",
    },
}
AUTOATTENDANT: Final[Mapping[str, Mapping[str, str]]] = {
    "Account and users": {
        "create_user": "Added a user",
        "change_user": "Changed a user",
        "delete_user": "Removed a user",
        "create_enterprise": "Opened an account",
        "create_number": "Added a number",
        "change_number": "Changed a number",
        "delete_number": "Removed a number",
    },
    "Auto attendant": {
        "create_announcement": "Added an announcement",
        "change_announcement": "Changed an announcement",
        "delete_announcement": "Deleted an announcement",
        "upload_file": "Uploaded an announcement's sound",
        "create_system": "Added a system",
        "change_system": "Changed a system",
        "delete_system": "Deleted a system",
        "create_menu": "Added a menu",
        "change_menu": "Changed a menu",
        "delete_menu": "Deleted a menu",
        "create_schedule": "Set a schedule",
        "change_schedule": "Changed a schedule",
    },
}


def declare_operations(api: NinjaAPI, words: Mapping[str, Mapping[str, str]]) -> None:
    """Puts an API's words into the register, by the names of its operations.

    Those at one address share the name of the first of them, as their pattern does.
    """
    said = {own: (kind, each) for kind, named in words.items() for own, each in named.items()}
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            first, *_ = view.operations
            name = f"{api.urls_namespace}:{first.view_func.__name__}"
            for operation in view.operations:
                own = operation.view_func.__name__
                for method in operation.methods if own in said else ():
                    kind, each = said[own]
                    act = f"{api.urls_namespace}:{own}"
                    declare_one(method, name, Said(each), act=act, kind=kind)
