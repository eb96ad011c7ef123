"""What an operator would lose: a dead process that stays dead, or one that outlives us."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from deskbell.cli import supervisor
from deskbell.cli.output import Log
from deskbell.cli.supervisor import Keeper, ProcessFailed, Program, Start, next_wait
from tests.patience import patience


def shell(text: str) -> Callable[[], Start]:
    return lambda: Start(["sh", "-c", text])


def logged() -> tuple[Log, io.StringIO]:
    stream = io.StringIO()
    return Log(stream, colour=False), stream


async def until(true: Callable[[], bool]) -> None:
    async with patience(20):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


def exists(path: Path) -> Callable[[], Awaitable[bool]]:
    there = path.exists

    async def ready() -> bool:
        return there()

    return ready


def test_waits_grow_to_ten_seconds_and_a_steady_process_starts_over() -> None:
    waits, wait = [], 0.0
    for _ in range(7):
        wait = next_wait(wait, ran=0.1)
        waits.append(wait)
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    assert next_wait(10.0, ran=supervisor.STEADY_SECONDS) == 0.5


def test_a_process_that_dies_is_said_so_and_started_again(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    log, stream = logged()

    async def scene() -> None:
        program = Program("web", shell(f"echo $$ >{pid_file}; exec sleep 60"), exists(pid_file))
        keeper = Keeper(program, log)
        await keeper.wait_ready()
        await until(lambda: pid_file.read_text().strip().isdigit())
        first = int(pid_file.read_text())
        pid_file.unlink()
        os.kill(first, signal.SIGKILL)
        await until(lambda: "web is back" in stream.getvalue())
        await keeper.stop()

    asyncio.run(scene())
    assert "web was killed by SIGKILL; starting it again in 0.5 s" in stream.getvalue()


def test_a_process_that_never_gets_ready_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.01)
    log, stream = logged()

    async def scene() -> None:
        keeper = Keeper(
            Program("voice", shell("echo no port; exit 3"), exists(tmp_path / "never")), log
        )
        await keeper.wait_ready()

    with pytest.raises(ProcessFailed, match="voice cannot start: it ended with code 3"):
        asyncio.run(scene())
    assert stream.getvalue().count("voice    │ no port") == 3


def test_a_program_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.01)

    async def never() -> bool:
        return False

    async def scene() -> None:
        keeper = Keeper(Program("web", lambda: Start(["/no/such/program"]), never), logged()[0])
        await keeper.wait_ready()

    with pytest.raises(ProcessFailed, match="No such file"):
        asyncio.run(scene())


def test_a_process_that_runs_but_is_never_ready_is_given_up(tmp_path: Path) -> None:
    async def scene() -> None:
        ready = exists(tmp_path / "never")
        keeper = Keeper(Program("web", shell("sleep 300"), ready, ready_seconds=0.1), logged()[0])
        try:
            await keeper.wait_ready()
        finally:
            await keeper.stop()

    with pytest.raises(ProcessFailed, match="runs but was not ready"):
        asyncio.run(scene())


def test_who_does_not_stop_is_killed_with_all_it_started(tmp_path: Path) -> None:
    ready = tmp_path / "pids"
    text = f"trap '' TERM; sleep 300 & echo $! $$ >{ready}.new; mv {ready}.new {ready}; wait; wait"
    log, stream = logged()

    async def scene() -> list[int]:
        program = Program("worker", shell(text), exists(ready), stop_seconds=0.2)
        keeper = Keeper(program, log)
        await keeper.wait_ready()
        await keeper.stop()
        return [int(pid) for pid in ready.read_text().split()]

    child, leader = asyncio.run(scene())
    assert "worker does not stop; killing it" in stream.getvalue()
    assert "starting it again" not in stream.getvalue()
    assert not _is_alive(leader)
    # Nobody waits for a grandchild: the kernel ends it in its own time after SIGKILL is sent.
    asyncio.run(until(lambda: not _is_alive(child)))


def test_a_polite_stop_lets_a_process_finish(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    text = f"trap 'echo last words; exit 0' TERM; touch {ready}; while :; do sleep 0.01; done"
    log, stream = logged()

    async def scene() -> None:
        keeper = Keeper(Program("voice", shell(text), exists(ready)), log)
        await keeper.wait_ready()
        await keeper.stop()

    asyncio.run(scene())
    assert "voice    │ last words" in stream.getvalue()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl(2) is Linux's")
def test_children_end_when_we_are_killed() -> None:
    parent = (
        "import asyncio, os\n"
        "from deskbell.cli.supervisor import Start, spawn\n"
        "async def main():\n"
        "    child = await spawn(Start(['sleep', '300']))\n"
        "    print(child.pid, flush=True)\n"
        "    await asyncio.sleep(300)\n"
        "asyncio.run(main())\n"
    )
    source = str(Path(supervisor.__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        env=dict(os.environ) | {"PYTHONPATH": source},
    )
    assert process.stdout
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    asyncio.run(until(lambda: not _is_alive(child)))


def _is_alive(pid: int) -> bool:
    """Whether `pid` runs; a zombie that nobody has waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
