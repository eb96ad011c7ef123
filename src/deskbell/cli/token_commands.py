"""What `token` takes on the command line; `tokens` does it, with Django."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

Commands = argparse._SubParsersAction  # what argparse calls a table of commands
_DOES = ("add", "list", "revoke", "person")


def add(
    commands: Commands[argparse.ArgumentParser],
    data: argparse.ArgumentParser,
    account: argparse.ArgumentParser,
    *,
    run: Callable[[argparse.Namespace], int],
) -> None:
    """Adds the command; `data` and `account` are the options that others have too."""
    token = commands.add_parser("token", help="make, list and revoke tokens for the APIs")
    doing = token.add_subparsers(required=True, metavar="|".join(_DOES))
    new = doing.add_parser("add", parents=[account], help="a token of /api/v2, shown once")
    new.add_argument("name", metavar="NAME", help="what it is for, as CRM")
    new.add_argument(
        "--scope",
        dest="scopes",
        action="append",
        default=[],
        metavar="SCOPE",
        help="what it may do, as messages:read; may be given again (default: everything)",
    )
    listing = doing.add_parser("list", parents=[account], help="an account's, with their uses")
    revoke = doing.add_parser("revoke", parents=[account], help="end a token, at once")
    revoke.add_argument("id", type=int, metavar="ID", help="as `token list` shows it")
    person = doing.add_parser(
        "person", parents=[data], help="a token for the Auto Attendant API, shown once"
    )
    person.add_argument("email", metavar="EMAIL", help="of the person it signs in as")
    for each, action in zip((new, listing, revoke, person), _DOES, strict=True):
        each.set_defaults(run=run, command="token", action=action)


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """The arguments, with `token EMAIL` written as `token person EMAIL`, which it is short for."""
    rest = list(arguments[1:])
    is_short = arguments[:1] == ["token"] and any("@" in each for each in rest)
    if is_short and not set(_DOES) & set(rest):
        return ["token", "person", *rest]
    return list(arguments)
