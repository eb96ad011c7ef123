"""The list as a file: what is in it, what is refused, and that nothing in it runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from openpyxl import load_workbook

from deskbell.accounts.models import User
from deskbell.messages.actions import acknowledge
from deskbell.platform.tenancy import account_scope
from deskbell.reports import messages as report

if TYPE_CHECKING:
    from .conftest import TakeMessage

pytestmark = pytest.mark.django_db
CSV, XLSX = "/messages/export.csv", "/messages/export.xlsx"


def body(response: HttpResponseBase) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def rows_of_csv(response: HttpResponseBase) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def rows_of_xlsx(response: HttpResponseBase) -> list[dict[str, Any]]:
    sheet = load_workbook(io.BytesIO(body(response))).active
    assert sheet is not None
    labels, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(map(str, labels), row, strict=True)) for row in rows]


def test_what_the_list_shows_newest_first(page: Client, take: TakeMessage, at: datetime) -> None:
    take("Please call back", first_name="Charlie", phone="+12125550177", answers={"Urgent": "Yes"})
    take("=1+1", first_name="@SUM(A1)", at=at + timedelta(hours=1))
    gone = take("Done")
    with account_scope(gone.account_id):
        acknowledge(message=gone, by="Bob", at=at, through="portal")

    response = page.get(CSV)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    newest, oldest = rows_of_csv(response)
    assert (newest["Message"], newest["From"]) == ("'=1+1", "'@SUM(A1)")
    assert newest["Created At (America/New_York)"] == "2026-03-04 11:00:00"
    assert (oldest["From"], oldest["Phone"]) == ("Charlie", "+12125550177")
    assert oldest["Answers"] == "Urgent: Yes"

    [done] = rows_of_csv(page.get(CSV, {"tab": "acknowledged"}))
    assert (done["Acknowledged by"], done["Status"]) == ("Bob", "Acknowledged")
    spreadsheet = rows_of_xlsx(page.get(XLSX))
    assert [row["Message"] for row in spreadsheet] == ["=1+1", "Please call back"]
    assert spreadsheet[0]["Created At (America/New_York)"] == datetime.fromisoformat(
        "2026-03-04 11:00:00"
    )


def test_filters_hold(page: Client, take: TakeMessage, at: datetime) -> None:
    take("Old", at=at - timedelta(days=3))
    take("New")
    found = rows_of_csv(page.get(CSV, {"from_date": "2026-03-03"}))
    assert [row["Message"] for row in found] == ["New"]
    assert len(rows_of_csv(page.get(CSV, {"q": "old"}))) == 1


@pytest.mark.parametrize("url", [CSV, XLSX])
def test_a_wrong_filter_exports_nothing(page: Client, take: TakeMessage, url: str) -> None:
    take()
    asked = {"from_date": "2026-03-04", "to_date": "2026-02-30"}
    answer = page.get(url, asked, follow=True)
    assert answer.redirect_chain == [("/messages/?from_date=2026-03-04&to_date=2026-02-30", 302)]
    assert "Nothing was exported." in answer.content.decode()


def test_a_spreadsheet_that_takes_too_long_is_refused(
    page: Client, take: TakeMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    take()
    take()
    monkeypatch.setattr("deskbell.messages.queries.lists.MOST_COUNTED", 1)
    monkeypatch.setattr(report, "CHUNK", 1)
    answer = page.get(XLSX + "?q=call", follow=True)
    assert "is made while you do something else" in answer.content.decode()
    assert len(rows_of_csv(page.get(CSV + "?q=call"))) == 2


def test_another_account_gets_its_own(
    signed_in: Callable[[User], Client], charlie: User, take: TakeMessage
) -> None:
    take("The vault opens at nine")
    assert rows_of_csv(signed_in(charlie).get(CSV)) == []
    assert rows_of_xlsx(signed_in(charlie).get(XLSX)) == []
