"""What `operator` takes on the command line; `operators` does it, with Django."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Commands = argparse._SubParsersAction  # what argparse calls a table of commands


def add(
    commands: Commands[argparse.ArgumentParser],
    data: argparse.ArgumentParser,
    *,
    run: Callable[[argparse.Namespace], int],
) -> None:
    """Adds the command; `data` is the option that others have too."""
    operator = commands.add_parser("operator", help="make the first operator, and let one in again")
    doing = operator.add_subparsers(required=True, metavar="add|list|reset-mfa")
    new = doing.add_parser("add", parents=[data], help="somebody who runs this deployment")
    new.add_argument("email", metavar="EMAIL", help="signs in with it; asks for the password")
    new.add_argument("--name", default="", metavar="NAME")
    listing = doing.add_parser("list", parents=[data], help="the operators that there are")
    reset = doing.add_parser(
        "reset-mfa", parents=[data], help="remove an operator's second factor: the device is lost"
    )
    reset.add_argument("email", metavar="EMAIL")
    for each, action in ((new, "add"), (listing, "list"), (reset, "reset-mfa")):
        each.set_defaults(run=run, command="operator", action=action)
