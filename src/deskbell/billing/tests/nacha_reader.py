"""Reads a file for the bank by the published columns: nothing of it is the writer's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Debit:
    """One entry, as the bank reads it."""

    routing: str
    account: str
    cents: int
    client: str
    name: str
    trace: str


@dataclass(frozen=True)
class Reading:
    """A file that was checked against all of its own counts and sums."""

    destination: str
    modifier: str
    effective: str
    entry_class: str
    debits: list[Debit]


def at(record: str, first: int, last: int) -> str:
    """Columns as the tables number them, from 1, both inside."""
    return record[first - 1 : last]


def read_file(text: str) -> Reading:
    """The file; an AssertionError where a column, a count or a sum is wrong."""
    records = text.split("\r\n")
    assert records.pop() == ""
    assert text.isascii()
    assert all(len(record) == 94 for record in records)
    assert len(records) % 10 == 0
    while records[-1] == "9" * 94:
        records.pop()
    head, batch, *entries, batch_end, end = records
    assert [at(each, 1, 1) for each in (head, batch, batch_end, end)] == ["1", "5", "8", "9"]
    assert at(head, 35, 40) == "094101"
    assert {at(entry, 1, 3) for entry in entries} == {"627"}
    assert at(batch, 2, 4) == at(batch_end, 2, 4) == "225"
    debits = [
        Debit(
            routing=at(entry, 4, 12),
            account=at(entry, 13, 29).rstrip(),
            cents=int(at(entry, 30, 39)),
            client=at(entry, 40, 54).rstrip(),
            name=at(entry, 55, 76).rstrip(),
            trace=at(entry, 80, 94),
        )
        for entry in entries
    ]
    total = sum(debit.cents for debit in debits)
    hashed = str(sum(int(debit.routing[:8]) for debit in debits))[-10:].rjust(10, "0")
    assert (at(batch_end, 5, 10), at(end, 14, 21)) == (
        str(len(debits)).rjust(6, "0"),
        str(len(debits)).rjust(8, "0"),
    )
    assert at(batch_end, 11, 20) == at(end, 22, 31) == hashed
    assert int(at(batch_end, 21, 32)) == int(at(end, 32, 43)) == total
    assert int(at(batch_end, 33, 44)) == int(at(end, 44, 55)) == 0
    assert at(batch, 80, 94) == at(batch_end, 80, 94)
    assert int(at(end, 2, 7)) == 1
    assert int(at(end, 8, 13)) == text.count("\r\n") // 10
    return Reading(
        destination=at(head, 4, 13).strip(),
        modifier=at(head, 34, 34),
        effective=at(batch, 70, 75),
        entry_class=at(batch, 51, 53),
        debits=debits,
    )


def returns_file(*came_back: tuple[str, str, int, str]) -> str:
    """A bank's file in which entries come back: trace, code, cents and the bank's own trace."""
    head = "101 121000248 0210000211902240030A094101"
    lines = [head + "YOUR BANK".ljust(23) + "DESKBELL".ljust(31), "5200DESKBELL".ljust(94)]
    for trace, code, cents, own in came_back:
        kind = "99" if code.startswith("R") else "98"
        entry = "626" + "021000021" + "1234".ljust(17) + f"{cents:010d}" + "W0411".ljust(15)
        lines.append((entry + "ACME".ljust(22) + "  1" + own).ljust(94))
        lines.append(f"7{kind}{code}{trace}{'':6}02100002{'':44}{own}")
    lines.append("8200".ljust(94))
    lines.append(f"9000001000001{2 * len(came_back):08d}".ljust(94))
    return "\n".join(lines) + "\n"
