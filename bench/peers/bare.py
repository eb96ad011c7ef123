"""The least that can answer a page of messages: one query by asyncpg, and its JSON sent as it is.

No token, no count, no links, no account to find. It is served by the same server as Deskbell's web
side, in its fastest way, with as many processes.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import asyncpg

QUERY = """
SELECT '{"data":' || coalesce(json_agg(row_to_json(message))::text, '[]') || '}' FROM (
    SELECT * FROM deskbell_messages_message WHERE account_id = $1
    ORDER BY created_at DESC, id DESC LIMIT 25
) AS message
"""
HEADERS = [(b"content-type", b"application/json")]
_pools: list[asyncpg.Pool] = []
_opening = asyncio.Lock()


async def _pool() -> asyncpg.Pool:
    async with _opening:
        if not _pools:
            _pools.append(
                await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=8)
            )
    return _pools[0]


async def application(scope: Any, _receive: Any, send: Any) -> None:
    """Answers every request with the page; for granian's ASGI."""
    if scope["type"] != "http":
        return
    body = (await (await _pool()).fetchval(QUERY, int(os.environ["BENCH_ACCOUNT"]))).encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
    await send({"type": "http.response.body", "body": body})
