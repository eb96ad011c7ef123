"""Every operation of the Auto Attendant API, with who may do it and a body that it takes.

Contract tests run over this table; one of them checks that no operation is missing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.autoattendant import BASE, Answer, Api, sound

ANYONE, ADMIN, OPERATOR = "anyone with a role", "BG_ADMIN", "the operator"
GONE = {
    "enterprise": "EN" + "0" * 32,
    "user": "RCS" + "0" * 32,
    "announcement": "AN" + "0" * 32,
    "system": "AA" + "0" * 32,
    "menu": "MN" + "0" * 32,
    "phonenumber": "PH" + "0" * 32,
}
Body = Callable[[dict[str, str]], Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its path and body with sids by resource, and who may do it.

    `wav`: the body is a file.
    """

    method: str
    path: str
    who: str
    body: Body | None = None
    wav: bool = False

    def ask(self, api: Api, sids: dict[str, str]) -> Answer:
        """Does it."""
        path = self.path.format(**sids)
        if self.wav:
            return api.upload(sids["announcement"], sound())
        return api.send(self.method, path, self.body(sids) if self.body else None)

    def pattern(self) -> str:
        """The path as the OpenAPI description has it."""
        filled = self.path.partition("?")[0]
        for name in GONE:
            filled = filled.replace("{" + name + "}", "{sid}")
        filled = filled.replace("2125550142", "{phone_number}").replace("{file}", "{name}")
        return BASE + filled.replace("records/daily", "records/{subresource}")


_count = itertools.count(1000)


def _week(sids: dict[str, str]) -> Any:
    return {"autoAttendantSid": sids["system"], "scheduleType": "WEEKLY", "schedule": []}


OPERATIONS = [
    Operation("post", "user", ADMIN, lambda sids: {
        "emailId": "x@example.com", "role": "AA_ADMIN", "enterpriseSid": sids["enterprise"],
    }),
    Operation("get", "user/search?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "user/search/{user}", ANYONE),
    Operation("put", "user/{user}", ADMIN, lambda _: {"name": "Alice"}),
    Operation("delete", "user/{user}", ADMIN),
    Operation("post", "enterprise", OPERATOR, lambda _: {
        "name": "New", "number": f"W{next(_count)}",
    }),
    Operation("get", "enterprise/search?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "enterprise/search/{enterprise}", ANYONE),
    Operation("post", "announcement", ANYONE, lambda sids: {
        "name": "x", "enterpriseSid": sids["enterprise"],
    }),
    Operation("get", "announcement/search?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "announcement/search/{announcement}", ANYONE),
    Operation("put", "announcement/{announcement}", ANYONE, lambda _: {"name": "y"}),
    Operation("delete", "announcement/{announcement}", ANYONE),
    Operation("post", "file/announcement/{announcement}", ANYONE, wav=True),
    Operation("get", "announcement/file/{file}", ANYONE),
    Operation("post", "system", ANYONE, lambda sids: {
        "name": "x", "enterpriseSid": sids["enterprise"],
    }),
    Operation("get", "system/search?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "system/search/{system}", ANYONE),
    Operation("put", "system/{system}", ANYONE, lambda _: {"name": "y"}),
    Operation("delete", "system/{system}", ANYONE),
    Operation("post", "menu", ANYONE, lambda sids: {
        "name": "x", "enterpriseSid": sids["enterprise"], "autoAttendantSid": sids["system"],
    }),
    Operation("get", "menu/search?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "menu/search/{menu}", ANYONE),
    Operation("put", "menu/{menu}", ANYONE, lambda _: {"name": "y"}),
    Operation("delete", "menu/{menu}", ANYONE),
    Operation("post", "schedule", ANYONE, _week),
    Operation("put", "schedule", ANYONE, _week),
    Operation("get", "schedule/search?autoAttendantSid={system}", ANYONE),
    Operation("post", "phonenumber", OPERATOR, lambda sids: {
        "number": "2125550177", "enterpriseSid": sids["enterprise"],
    }),
    Operation("get", "phonenumber/search?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "phonenumber/search/{phonenumber}", ANYONE),
    Operation("put", "phonenumber/{phonenumber}", ANYONE, lambda _: {"isExtension": False}),
    Operation("delete", "phonenumber/{phonenumber}", OPERATOR),
    Operation("get", "phonenumber/usage/records?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "phonenumber/usage/records/daily?enterpriseSid={enterprise}", ANYONE),
    Operation("get", "rcml/search/2125550142", ADMIN),
]  # fmt: skip
BY_NAME = {f"{each.method} {each.path}": each for each in OPERATIONS}
