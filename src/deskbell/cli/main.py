"""Reads the command line and runs one command.

Commands are imported only when chosen, so that `./deskbell up` does not wait for Django.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from deskbell.foundation.errors import DeskbellError

from . import line_commands, operator_commands, token_commands

UP_OPTIONS = (
    ("--data-dir", "DESKBELL_DATA_DIR", "DIR", "where everything is kept (default: var/)"),
    ("--http", "DESKBELL_HTTP", "HOST:PORT", "the pages and APIs (default: 127.0.0.1:8000)"),
    ("--sip", "DESKBELL_SIP", "HOST:PORT", "where telephones call (default: 127.0.0.1:5060)"),
    ("--voice-http", "DESKBELL_VOICE_HTTP", "HOST:PORT", "the gateway (default: 127.0.0.1:8070)"),
    ("--rtp", "DESKBELL_RTP", "FIRST-LAST", "UDP ports for speech (default: 20000-39999)"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command in `arguments` (default: the process's own) and gives its exit code.

    0 is well, 1 is a failed check or test, 2 is something the person must put right first, said
    in one line on standard error.
    """
    given = sys.argv[1:] if arguments is None else arguments
    chosen = _parser().parse_args(token_commands.spelled_out(given))
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except DeskbellError as error:
        print(f"deskbell: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./deskbell", description="A virtual receptionist.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything; Ctrl-C stops it")
    for option, variable, takes, about in UP_OPTIONS:
        up.add_argument(option, dest=variable, metavar=takes, help=f"{about}, or {variable}")
    up.add_argument(
        "--demo",
        nargs="?",
        const="1",
        choices=("1", "large"),
        metavar="large",
        help="fill in the demo, with its own mailbox; large: with 100,000 messages",
    )
    up.set_defaults(run=_up)
    prepare = commands.add_parser("prepare", help="migrate, and make what web and worker need")
    prepare.set_defaults(run=_prepare)
    _add_passing(commands, "test", _test, "run the tests, or those that pytest's arguments name")
    check = commands.add_parser("check", help="check style, types and the floors between rooms")
    check.set_defaults(run=_check)
    commands.add_parser("fix", help="put the style right").set_defaults(run=_fix)
    _add_passing(commands, "bench", _bench, "print the figures of one benchmark: bench NAME")
    lock = commands.add_parser("lock", help="lock requirements/*.in anew")
    lock.add_argument("--upgrade", action="store_true", help="to the newest versions that fit")
    lock.set_defaults(run=_lock)
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=_migrate)
    _add_passing(commands, "manage", _manage, "run one of Django's own commands: manage shell")
    _add_data_commands(commands)
    trace = commands.add_parser("trace", help="draw one call as a ladder")
    trace.add_argument("sid", metavar="CALL_SID", help="as CA…, from the log or a call's record")
    trace.add_argument(
        "folders",
        nargs="*",
        metavar="DIR",
        help="gateways' data folders, or one above them (default: DESKBELL_DATA_DIR)",
    )
    trace.set_defaults(run=_trace)
    return parser


def _add_data_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands that work on the data of accounts, beside a running `up` or without."""
    data = argparse.ArgumentParser(add_help=False)
    option, variable, takes, about = UP_OPTIONS[0]
    data.add_argument(option, dest=variable, metavar=takes, help=f"{about}, or {variable}")
    account = argparse.ArgumentParser(add_help=False, parents=[data])
    account.add_argument(
        "--account",
        metavar="NUMBER",
        default="",
        help="whose, as W0411; not needed for the only one",
    )
    export = commands.add_parser(
        "export", parents=[account], help="write an account's auto attendant as YAML"
    )
    export.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="default: to the screen"
    )
    export.set_defaults(run=_on_data, command="export")
    bring = commands.add_parser(
        "import", parents=[account], help="have callers meet what a YAML file says"
    )
    bring.add_argument(
        "file", metavar="FILE", help="what export wrote, edited or not; - reads input"
    )
    bring.add_argument("--dry-run", action="store_true", help="only say what would change")
    bring.set_defaults(run=_on_data, command="import")
    doctor = commands.add_parser(
        "doctor", parents=[account], help="say what callers and people on call would stumble over"
    )
    doctor.set_defaults(run=_on_data, command="doctor")
    usage = commands.add_parser(
        "usage", parents=[account], help="print what an account used in a month"
    )
    usage.add_argument("--month", metavar="YYYY-MM", default="", help="default: this one")
    usage.add_argument(
        "--recount", action="store_true", help="count it anew from the call records first"
    )
    usage.set_defaults(run=_on_data, command="usage")
    token_commands.add(commands, data, account, run=_on_data)
    line_commands.add(commands, data, account, run=_on_data)
    operator_commands.add(commands, data, run=_on_data)
    _add_self_test(commands, account)


def _add_self_test(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], account: argparse.ArgumentParser
) -> None:
    test = commands.add_parser("self-test", help="see that somebody on call is reached")
    doing = test.add_subparsers(required=True, metavar="add|now|list|remove")
    helps = {
        "add": "test a level every so often",
        "now": "send one test message",
        "list": "the levels that are tested, and how it went",
        "remove": "test a level no more",
    }
    for action, about in helps.items():
        command = doing.add_parser(action, parents=[account], help=about)
        command.set_defaults(run=_on_data, command="self-test", action=action)
        if action != "list":
            command.add_argument("--level", metavar="NAME", required=True, help="which level")
        if action == "add":
            command.add_argument("--every", metavar="24h", default="24h", help="default: 24h")
            command.add_argument(
                "--within",
                metavar="10m",
                default="10m",
                help="the operator is alarmed where nobody acknowledges within (default: 10m)",
            )


def _add_passing(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> None:
    """Adds a command whose arguments belong to the program it runs, options and all."""
    command = commands.add_parser(name, help=about, add_help=False, prefix_chars="\0")
    command.add_argument("rest", nargs=argparse.REMAINDER)
    command.set_defaults(run=run)


def _up(chosen: argparse.Namespace) -> int:
    from .up import up

    given = {variable: getattr(chosen, variable) for _, variable, _, _ in UP_OPTIONS}
    overrides = {variable: value for variable, value in given.items() if value is not None}
    return up(overrides | ({"DESKBELL_DEMO": chosen.demo} if chosen.demo else {}))


def _prepare(_: argparse.Namespace) -> int:
    from .prepare import prepare

    return prepare()


def _test(chosen: argparse.Namespace) -> int:
    from .development import test

    return test(chosen.rest)


def _check(_: argparse.Namespace) -> int:
    from .development import check

    return check()


def _fix(_: argparse.Namespace) -> int:
    from .development import fix

    return fix()


def _bench(chosen: argparse.Namespace) -> int:
    from .development import bench

    return bench(chosen.rest)


def _lock(chosen: argparse.Namespace) -> int:
    from .lock import lock

    return lock(upgrade=chosen.upgrade)


def _migrate(_: argparse.Namespace) -> int:
    from .manage import manage

    return manage(["migrate"])


def _on_data(chosen: argparse.Namespace) -> int:
    from .data import run_on_data

    folder = getattr(chosen, UP_OPTIONS[0][1])
    if folder is not None:
        os.environ[UP_OPTIONS[0][1]] = folder
    return run_on_data(chosen)


def _trace(chosen: argparse.Namespace) -> int:
    from .traces import trace

    return trace(chosen.sid, chosen.folders)


def _manage(chosen: argparse.Namespace) -> int:
    from .manage import manage

    return manage(chosen.rest)
