"""Behind a running house: Python that runs with the house's own settings, in its database.

What people do by pages is told as they would do it; what a test needs beside that (a menu that
leads to the desk, patience of ten seconds) is written here, by the rooms' own actions. One process
serves all orders, because Django takes seconds to start.

    with backstage(house) as behind:
        behind.do("Receptionist.objects.count()")
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.house import ROOT, House, processes_of

_PROGRAM = """
import ast, json, sys, traceback
import django
django.setup()
from django.db import close_old_connections
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import system_scope
known = {"now": now}
print(json.dumps({"result": "ready"}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    known["given"] = order["given"]
    try:
        with system_scope("a test arranges its house"):
            tree = ast.parse(order["code"])
            last = tree.body.pop()  # an expression: what it comes to is the answer
            exec(compile(tree, "<order>", "exec"), known)
            result = eval(compile(ast.Expression(last.value), "<order>", "eval"), known)
        answer = {"result": result}
    except BaseException:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer, default=str), flush=True)
"""


class Backstage:
    """A Python process of the house, which remembers what it has imported and named."""

    def __init__(self, house: House) -> None:
        self.house = house
        worker = processes_of(house, "deskbell.worker")[0]
        told = Path(f"/proc/{worker}/environ").read_bytes().decode().split("\0")
        variables = dict(each.split("=", 1) for each in told if "=" in each)
        variables |= {"DJANGO_SETTINGS_MODULE": "deskbell.config.settings"}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", _PROGRAM],
            cwd=ROOT,
            env=variables | {"PYTHONPATH": str(ROOT / "src")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def do(self, code: str, **given: Any) -> Any:
        """Runs code in a system scope; its last line is an expression, whose value is given as
        JSON has it.

        `given` is there as the dict `given`, `now()` is the clock.
        """
        with self._lock:
            assert self._process.stdin
            self._process.stdin.write(json.dumps({"code": code, "given": given}) + "\n")
            self._process.stdin.flush()
            return self._answer()

    def close(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the house's own Python has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["result"]


@contextmanager
def backstage(house: House) -> Iterator[Backstage]:
    """A process behind the house, for as long as the context lasts."""
    behind = Backstage(house)
    try:
        yield behind
    finally:
        behind.close()
