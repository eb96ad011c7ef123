"""Files say what the table says, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from deskbell.reports.cells import harmless
from deskbell.reports.errors import TooManyRows
from deskbell.reports.formats import FORMATS, pdf, xlsx
from deskbell.reports.formats.xlsx import MOST_CHARACTERS
from deskbell.reports.tables import Cell, Table

FORMULAS = [
    '=HYPERLINK("https://example.com","Click")',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\uff1d1+1",
]
PLAIN = [
    "Please call back",
    "+12125550142",
    "-5",
    "12",
    "a = b",
    "",
    "مرحبا",
    "👩‍🚒 fire",
    "Call\n+12125550142\nor; -5",
    "+1 212 555 0142",
    '"quoted", too',
]


def written(kind: str, rows: Sequence[Sequence[Cell]]) -> io.BytesIO:
    file = io.BytesIO()
    FORMATS[kind].write(Table("Messages", ["ID", "Words"], iter(rows)), file)
    file.seek(0)
    return file


def read_csv(file: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))


def cells_of(file: io.BytesIO) -> list[tuple[Any, ...]]:
    sheet = load_workbook(file).active
    assert sheet is not None
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_shown_and_not_run(formula: str) -> None:
    [_, [_, words]] = read_csv(written("csv", [(1, formula)]))
    assert words.startswith("'")
    assert words.replace("'", "") == formula.replace("'", "")
    book = load_workbook(written("xlsx", [(1, formula)]))
    assert book.active is not None
    cell = book.active["B2"]
    assert cell.data_type == "s"
    assert cell.value == formula.replace("\r", "_x000D_") or cell.value == formula
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
    assert read_csv(written("csv", [(1, text)]))[1] == ["1", text]
    assert cells_of(written("xlsx", [(1, text)]))[1] == (1, text or None)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_comes_back_from_csv(text: str) -> None:
    back = read_csv(written("csv", [(1, text)]))[1][1]
    assert back.replace("'", "") == text.replace("'", "")
    assert not back.lstrip(" ").startswith(("=", "@"))


@pytest.mark.parametrize("between", [";", "; ", "\n", "\r\n", "\t", '";"', "x;;"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_nor_where_a_spreadsheet_separates_by_semicolons(formula: str, between: str) -> None:
    # As Excel does in much of Europe: then quotes stand inside of cells, and hold no line together.
    text = f"Call me{between}{formula}{between}Bye"
    file = written("csv", [(1, text, "Next")]).read().decode("utf-8-sig")
    for separator in ";\t":
        for row in csv.reader(re.split("\r\n|\r|\n", file), delimiter=separator):
            assert not [cell for cell in row if cell.strip(' \t\r\n"')[:1] in {*"=+-@\uff1d"}]


def test_times_and_nothing() -> None:
    at = datetime.fromisoformat("2026-03-04 10:00:20")
    rows = [(at, None)]
    assert read_csv(written("csv", rows))[1] == ["2026-03-04 10:00:20", ""]
    assert cells_of(written("xlsx", rows))[1] == (at, None)


def test_a_text_that_no_cell_holds_is_cut_in_a_spreadsheet_only() -> None:
    endless = "🔥" * 60_000
    assert read_csv(written("csv", [(1, endless)]))[1][1] == endless
    shown = cells_of(written("xlsx", [(1, endless)]))[1][1]
    assert shown.endswith("🔥 …")
    assert len(shown.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def test_control_characters_do_not_break_a_spreadsheet() -> None:
    odd = "".join(map(chr, range(1, 32)))
    [_, row] = cells_of(written("xlsx", [(1, odd)]))
    assert row[0] == 1


def test_json_is_one_array_and_any_text_comes_back() -> None:
    at = datetime.fromisoformat("2026-03-04 10:00:20")
    texts = [*FORMULAS, *PLAIN, '"quoted"\\', "\u2028"]
    found = json.load(written("json", [(at, text) for text in texts]))
    assert found == [{"ID": "2026-03-04T10:00:20", "Words": text} for text in texts]
    assert json.load(written("json", [])) == []
    assert json.load(written("json", [(None, "")])) == [{"ID": None, "Words": ""}]


def test_a_short_pdf_is_one_and_a_long_one_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "VOLUME_ROWS", 2)
    [page] = PdfReader(written("pdf", [(1, "Call #me$"), (2, "=1+1")])).pages
    assert "Call #me$" in page.extract_text()
    with zipfile.ZipFile(written("pdf", [(each, "Ring") for each in range(5)])) as archive:
        assert archive.namelist() == [f"messages-000{each}.pdf" for each in (1, 2, 3)]
        assert "Volume 3" in PdfReader(archive.open("messages-0003.pdf")).pages[0].extract_text()
    assert "nothing in it" in PdfReader(written("pdf", [])).pages[0].extract_text()


def test_a_row_of_many_columns_is_a_paragraph_of_those_that_say_something() -> None:
    labels = [f"Label {number}" for number in range(20)]
    row: list[Cell] = ["", "Ring", *[None] * 18]
    file = io.BytesIO()
    assert pdf.write(Table("Wide", labels, iter([row])), file) == "pdf"
    text = PdfReader(file).pages[0].extract_text()
    assert "Label 1: Ring" in text
    assert "Label 2" not in text


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    with pytest.raises(TooManyRows):
        written("xlsx", [(1, "a")] * 3)
