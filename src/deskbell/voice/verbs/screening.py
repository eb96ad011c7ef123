"""Screening: what whoever answered hears and presses before caller and callee are connected.

Source: RCML reference, sections 6a and 8: any verb but Dial; who hangs up, or is hung up on, has
not taken the call, and who comes to the end of the document has.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urljoin

from deskbell.rcml.verbs import Client, Dial, Number, Sip

from ..call import Call, Origin
from ..pages import Page

SCREENING_SECONDS: Final = 60
Phone = Number | Sip | Client


async def accepts(child: Call, noun: Phone, page: Page) -> bool:
    """Takes the callee through the noun's document; whether they are to be connected.

    A document that takes longer than the noun allows is a refusal.
    """
    origin = Origin(urljoin(page.url, noun.url), noun.method)
    seconds = noun.timeout if isinstance(noun, Number) else SCREENING_SECONDS
    child.trace.note("screened", url=origin.url)
    try:
        async with asyncio.timeout(seconds):
            return await child.services.walk(
                child, origin, without=frozenset({Dial}), is_aside=True
            )
    except TimeoutError:
        child.trace.note("screening_too_long", seconds=seconds)
        return False
