"""Whether a call may come in, and from whom it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiosipua import SipRequest

from .flows import Flow
from .messages import Facts


@dataclass(frozen=True, slots=True)
class Admitted:
    """The call may come in, from the trunk or the phone with this name."""

    trunk: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The call may not come in; `code` is SIP's."""

    code: int


@dataclass(frozen=True, slots=True)
class Challenged:
    """The caller has to say who it is: the header lines of a 401."""

    headers: tuple[str, ...]


Admission = Admitted | Refused | Challenged
Admit = Callable[[SipRequest, Facts, Flow], Admission]
