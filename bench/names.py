"""How often a caller who says a name is understood at the first try, and how soon.

A directory of 200 people is made by chance, and each is asked for by several speakers over a noisy
line, in real time and several at once, through the very ear that the gateway uses. Strangers, who
are not in the directory, are asked for as well: none of them should ring anybody.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from peers import name_set
from peers.name_set import Name, Speaker
from peers.processes import busy_seconds
from peers.report import heading, record

from deskbell import speech
from deskbell.attendant.rules.extensions import HOPELESS, SURE

GOAL_RIGHT, GOAL_SECONDS = 85, 1.5
SEED = 2026
SNRS = (30.0, 20.0, 12.0)
PIECE = 320  # bytes of µ-law: 40 ms
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who is asked for."""

    name: Name
    speaker: Speaker
    snr_db: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call; `seconds` run from the end of speech to the final result."""

    call: Call
    text: str
    confidence: float
    others: tuple[str, ...]
    seconds: float

    @property
    def is_right(self) -> bool:
        return self.text == self.call.name.text

    @property
    def rings(self) -> bool:
        """Whether the attendant would ring somebody without a question."""
        return bool(self.text) and self.confidence >= SURE

    @property
    def asks(self) -> bool:
        """Whether it would ask "did you mean"."""
        return bool(self.text) and HOPELESS <= self.confidence < SURE

    @property
    def is_reached(self) -> bool:
        """Whether the caller gets through at once, or by two questions at most."""
        if self.rings:
            return self.is_right
        return self.asks and self.call.name.text in (self.text, *self.others[:1])


def calls_to(people: Sequence[Name], per_name: int, *, is_known: bool) -> list[Call]:
    """Who is asked for by whom: every name by `per_name` speakers at noises that take turns."""
    chance = random.Random(SEED)
    made: list[Call] = []
    for name in people:
        able = [speaker for speaker in name_set.present() if speaker.speaks(name.kind)]
        for speaker in chance.sample(able, min(per_name, len(able))):
            made.append(Call(name, speaker, SNRS[len(made) % len(SNRS)], is_known))
    return made


def synthesise(calls: Sequence[Call]) -> list[tuple[bytes, int]]:
    """The lines' sound and the places where speech ends, all before any is heard."""
    with ThreadPoolExecutor(2) as pool:
        return list(
            pool.map(
                lambda call: name_set.call(call.name, call.speaker, snr_db=call.snr_db, seed=SEED),
                calls,
            )
        )


async def hear(call: Call, sound: bytes, end: int, hints: Sequence[str]) -> Outcome:
    """One call in real time."""
    loop = asyncio.get_running_loop()
    final: asyncio.Future[tuple[float, speech.Heard]] = loop.create_future()

    def on_heard(heard: speech.Heard) -> None:
        if heard.is_final:
            loop.call_soon_threadsafe(final.set_result, (time.monotonic(), heard))

    ear = speech.open_ear(language="en-US", hints=hints, on_heard=on_heard)
    start = time.monotonic()
    for place in range(0, len(sound), PIECE):
        await asyncio.sleep(start + place / name_set.RATE - time.monotonic())
        ear.hear(sound[place : place + PIECE])
        if final.done():
            break
    ear.finish()
    at, heard = await asyncio.wait_for(final, PATIENCE)
    ear.close()
    others = tuple(text for text, _ in heard.alternatives)
    seconds = at - start - end / name_set.RATE
    return Outcome(call, heard.text, heard.confidence, others, seconds)


async def hear_all(calls: Sequence[Call], hints: Sequence[str], at_once: int) -> list[Outcome]:
    """All calls, `at_once` at a time."""
    sounds = await asyncio.to_thread(synthesise, calls)
    await hear(calls[0], *sounds[0], hints)  # loads the recogniser
    turns = asyncio.Semaphore(at_once)
    done = 0

    async def one(call: Call, sound: tuple[bytes, int]) -> Outcome:
        nonlocal done
        async with turns:
            outcome = await hear(call, *sound, hints)
        done += 1
        if done % 50 == 0:
            print(f"{done} of {len(calls)} calls", file=sys.stderr)
        return outcome

    pairs = zip(calls, sounds, strict=True)
    return list(await asyncio.gather(*(one(call, sound) for call, sound in pairs)))


HEAD = "| asked for | calls | right | rung at once | rung wrongly | reached in two turns |"
RULE = "|---|" + "--:|" * 5


def percent(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> str:
    return f"{100 * sum(map(holds, outcomes)) / len(outcomes):.0f}%"


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    figures = (
        percent(outcomes, lambda one: one.is_right),
        percent(outcomes, lambda one: one.rings and one.is_right),
        percent(outcomes, lambda one: one.rings and not one.is_right),
        percent(outcomes, lambda one: one.is_reached),
    )
    return f"| {name} | {len(outcomes)} | {' | '.join(figures)} |"


def grouped(
    outcomes: Sequence[Outcome], by: Callable[[Outcome], Hashable]
) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[str(by(outcome))].append(outcome)
    return groups


def table(known: Sequence[Outcome], strangers: Sequence[Outcome]) -> list[str]:
    """All, then by speaker, kind and noise; strangers last, whom nobody should be rung for."""
    groups = {"all": list(known)}
    groups |= grouped(known, lambda one: one.call.speaker.name)
    groups |= grouped(known, lambda one: f"{one.call.name.kind} names")
    groups |= grouped(known, lambda one: f"noise {one.call.snr_db:.0f} dB below speech")
    lines = [HEAD, RULE, *(row(name, group) for name, group in groups.items())]
    return [*lines, row("strangers", strangers)]


def summary(known: Sequence[Outcome], strangers: Sequence[Outcome], at_once: int) -> list[str]:
    """What the table means, in a few lines."""
    took = sorted(one.seconds for one in (*known, *strangers))
    p50, p95, p99 = (took[min(len(took) - 1, len(took) * share // 100)] for share in (50, 95, 99))
    plain = [one for one in known if not one.call.speaker.home]
    clear = [one for one in plain if one.call.snr_db >= SNRS[1]]

    def right(group: Sequence[Outcome]) -> str:
        return percent(group, lambda one: one.is_right)

    asked = percent(strangers, lambda one: one.asks)
    false = percent(strangers, lambda one: one.rings)
    first = (
        f"Right at the first try: {right(known)} of all calls; {right(plain)} of those who say "
        f"names as English does, {right(clear)} where noise is 20 dB below speech or less "
        f"(goal: {GOAL_RIGHT}%)."
    )
    soon = (
        f"From the end of speech to the answer, {at_once} callers at once: {p50:.2f} s p50, "
        f"{p95:.2f} s p95, {p99:.2f} s p99 (goal: {GOAL_SECONDS} s); 0.8 s of it is the silence "
        "that ends a sentence."
    )
    honest = (
        "Piper and eSpeak NG speak by eSpeak NG's rules, from which Deskbell takes names that no "
        "dictionary has: they flatter it there. Flite has rules of its own. None is a human voice."
    )
    refused = f"Strangers: {false} ring somebody, {asked} are asked whether they meant somebody."
    return [first, soon, refused, honest]


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench names", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--strangers", type=int, default=50)
    parser.add_argument("--speakers", type=int, default=3, help="who ask for each name")
    parser.add_argument("--at-once", type=int, default=4, help="callers at a time")
    parser.add_argument("--every", type=int, default=1, help="only one in so many is made")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    if not speech.can_hear("en-US"):
        raise SystemExit("PocketSphinx is not installed: pip install pocketsphinx")
    print(heading())
    directory = name_set.people(chosen.people, seed=SEED)
    others = name_set.strangers(chosen.strangers, directory, seed=SEED + 1)
    calls = calls_to(directory, chosen.speakers, is_known=True)
    calls += calls_to(others, chosen.speakers, is_known=False)
    # By chance: noises take turns, and each so-manyth call may have the same one.
    kept = random.Random(SEED).sample(range(len(calls)), len(calls) // chosen.every)
    calls = [calls[place] for place in sorted(kept)]
    busy, began = busy_seconds(), time.monotonic()
    outcomes = asyncio.run(hear_all(calls, [person.text for person in directory], chosen.at_once))
    busy = (busy_seconds() - busy) / (time.monotonic() - began)
    known = [one for one in outcomes if one.call.is_known]
    strangers = [one for one in outcomes if not one.call.is_known]
    lines = summary(known, strangers, chosen.at_once)
    lines.append(f"The machine was busy with {100 * busy:.0f}% of a core meanwhile, all together.")
    print(*table(known, strangers), "", *lines, sep="\n")
    if chosen.record:
        record("names", table(known, strangers), lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
