"""What `trunk`, `phone` and `limits` take on the command line; `lines` does it, with Django."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Commands = argparse._SubParsersAction  # what argparse calls a table of commands


def add(
    commands: Commands[argparse.ArgumentParser],
    data: argparse.ArgumentParser,
    account: argparse.ArgumentParser,
    *,
    run: Callable[[argparse.Namespace], int],
) -> None:
    """Adds the three commands; `data` and `account` are the options that others have too."""
    _add_trunk(commands, data, run)
    _add_phone(commands, data, account, run)
    limits = commands.add_parser(
        "limits", parents=[account], help="say, or set, what an account may call"
    )
    limits.add_argument("--prefixes", metavar="+1,+44", help="beginnings of numbers; '' for none")
    limits.add_argument("--calls", type=int, metavar="N", help="calls through trunks at once")
    limits.add_argument("--default", action="store_true", help="what every account may")
    limits.set_defaults(run=run, command="limits")


def _add_trunk(
    commands: Commands[argparse.ArgumentParser],
    data: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], int],
) -> None:
    trunk = commands.add_parser("trunk", help="add, list or remove ways to the telephone network")
    doing = trunk.add_subparsers(required=True, metavar="add|list|remove")
    new = doing.add_parser("add", parents=[data], help="a trunk for calls in, calls out, or both")
    new.add_argument("name", metavar="NAME")
    new.add_argument(
        "--from",
        dest="addresses",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="an address or network that its calls come from; may be given again",
    )
    new.add_argument(
        "--to",
        dest="outgoing",
        default="",
        metavar="HOST:PORT",
        help="where its calls go; with ;transport=tcp for TCP",
    )
    new.add_argument(
        "--prefix",
        dest="prefixes",
        action="append",
        default=[],
        metavar="+1",
        help="the beginning of numbers that it carries (default: all); may be given again",
    )
    new.add_argument("--user", dest="username", default="", help="signs in; asks for the password")
    new.add_argument("--register", action="store_true", help="tells the trunk where we are")
    new.add_argument("--caller-id", default="", metavar="NUMBER", help="shown where there is none")
    new.add_argument(
        "--codec",
        dest="codecs",
        action="append",
        default=[],
        metavar="PCMU|PCMA|G722",
        help="to offer, in this order (default: all)",
    )
    _finish(doing, new, "trunk", [data], run)


def _add_phone(
    commands: Commands[argparse.ArgumentParser],
    data: argparse.ArgumentParser,
    account: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], int],
) -> None:
    phone = commands.add_parser("phone", help="add, list or remove SIP phones")
    doing = phone.add_subparsers(required=True, metavar="add|list|remove|add-staff|remove-staff")
    new = doing.add_parser("add", parents=[account], help="a phone; prints what to type into it")
    new.add_argument("name", metavar="NAME", help="as front-desk")
    new.add_argument("--number", default="", help="the number or extension that it rings for")
    _finish(doing, new, "phone", [account], run)
    staff = doing.add_parser(
        "add-staff", parents=[data], help="a receptionist's phone; prints what to type into it"
    )
    staff.add_argument("name", metavar="NAME", help="as rita")
    staff.add_argument("--user", required=True, metavar="EMAIL", help="whose phone it is")
    staff.set_defaults(run=run, command="phone", action="add-staff")
    gone = doing.add_parser("remove-staff", parents=[data], help="takes a receptionist's away")
    gone.add_argument("name", metavar="NAME")
    gone.set_defaults(run=run, command="phone", action="remove-staff")


def _finish(
    doing: Commands[argparse.ArgumentParser],
    new: argparse.ArgumentParser,
    command: str,
    parents: list[argparse.ArgumentParser],
    run: Callable[[argparse.Namespace], int],
) -> None:
    new.set_defaults(run=run, command=command, action="add")
    listing = doing.add_parser("list", parents=parents, help="those there are")
    listing.set_defaults(run=run, command=command, action="list")
    removing = doing.add_parser("remove", parents=parents, help="takes one away")
    removing.add_argument("name", metavar="NAME")
    removing.set_defaults(run=run, command=command, action="remove")
