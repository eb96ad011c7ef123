"""What an operator sees of calls: their traces as ladders, and the gateway's metrics."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families as families

from deskbell.voice import client
from deskbell.voice.tests.callees import dial_staged, talk
from deskbell.voice.tests.stage import NUMBER, Stage, response, staged, until
from tests.phone import answers


async def metrics(stage: Stage) -> dict[str, float]:
    """Every sample by its name and the values of its labels."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(f"http://{stage.environment.voice_http}/metrics")
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families(answer.text)
        for sample in family.samples
    }


def test_a_call_can_be_read_as_a_ladder_while_it_runs_and_after(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            _, url = stage.web.add_prompt("menu", 0.3)
            stage.web.pages["/voice/incoming"] = response(
                f'<Gather action="/menu?token=hunter2" numDigits="1"><Play>{url}</Play></Gather>'
            )
            stage.web.pages["/menu"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            sid = stage.web.of("/voice/incoming")[0]["CallSid"]
            folder = stage.environment.data_dir
            kept = folder / "voice" / "traces"
            await until(lambda: any(sid in path.read_text() for path in kept.glob("*.jsonl")))
            assert "Its end is not written" in client.trace(sid, [folder])
            call.press("2")
            assert await call.ended() == "system"
            await until(lambda: "│ over status=completed" in client.trace(sid, [folder]))
            drawn = client.trace(sid, [folder])
        arrows = " ".join(drawn.replace("─", " ").replace("│", " ").split())
        for said in (
            "INVITE ►",
            "◄ 100 Trying",
            "◄ 200 OK",
            "ACK ►",
            "POST /voice/incoming ►",
            "key 2 (rtp) ►",
            "POST /menu ►",
            "◄ BYE",
            "200 OK (BYE) ►",
        ):
            assert said in arrows, drawn
        assert "hunter2" not in drawn
        assert not any("hunter2" in path.read_text() for path in kept.iterdir())

    asyncio.run(play())


def test_a_dialled_leg_is_a_column_of_the_callers_ladder(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            callee.hang_up()
            told = await stage.outcome()
            await call.ended()
            folder = stage.stage.environment.data_dir
            sid, child = told["CallSid"], told["DialCallSid"]
        drawn = client.trace(sid, [folder])
        assert f"dialled by {sid}" in client.trace(child, [folder])
        gateway = drawn.splitlines()[3].index("gateway")
        beyond = [line[gateway:] for line in drawn.splitlines()]
        for said in (
            r"│─+ INVITE ─+►│$",
            "│◄─+ 200 OK ─+│$",
            "│◄─+ BYE ─+│$",
            r"│─+ 200 OK \(BYE\) ─+►│$",
        ):
            assert any(re.match(said, line) for line in beyond), drawn

    asyncio.run(play())


def test_metrics_count_calls_their_audio_and_the_web_side(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say loop='0'>Music</Say>") as stage:
            call = await stage.phone.call(NUMBER)
            during = await metrics(stage)
            assert [during[f"deskbell_{name}"] for name in ("calls", "legs", "ready")] == [1, 1, 1]
            call.speak(b"\x10" * 4000)
            await call.spoken()
            call.hang_up()
            await until(lambda: not stage.gateway.board.calls)
            after = await metrics(stage)
        assert after["deskbell_calls"] == 0
        assert after["deskbell_calls_ended_total inbound completed"] == 1
        assert after["deskbell_call_setup_seconds_count inbound"] == 1
        assert after["deskbell_web_request_seconds_count 2xx"] >= 2
        assert after["deskbell_rtp_received_total"] > 20
        assert after["deskbell_leg_mos_count"] == after["deskbell_leg_mos_bucket +Inf"] == 1
        assert after["deskbell_leg_mos_sum"] > 3.5
        assert after["deskbell_tick_lateness_seconds_count"] > 10

    asyncio.run(play())
