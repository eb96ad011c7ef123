"""Spreadsheets of Office Open XML, row by row in little memory."""

from __future__ import annotations

from datetime import datetime
from tempfile import TemporaryDirectory
from typing import IO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from deskbell.reports.errors import TooManyRows
from deskbell.reports.tables import Cell, Table

# Both are Excel's: https://support.microsoft.com, "Excel specifications and limits".
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
_CUT = " …"


def write(table: Table, file: IO[bytes]) -> str:
    """Writes the table into an open binary file, all text as text: nothing is a formula or a link.

    A text longer than a cell may be is cut. What is not written yet lies in a folder of its own
    until then. Raises TooManyRows for more than a sheet may have.
    """
    with TemporaryDirectory(prefix="deskbell-xlsx-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
        book = xlsxwriter.Workbook(file, options)
        sheet = book.add_worksheet(table.title[:31])
        try:
            _fill(book, sheet, table)
        except BaseException:
            # Closing the book would put together all that there is so far.
            sheet.row_data_fh.close()
            raise
        _close(book)
    return "xlsx"


def _close(book: xlsxwriter.Workbook) -> None:
    try:
        book.close()
    except FileCreateError as error:
        raise error.__context__ or error from None  # what the disk said


def _fill(book: xlsxwriter.Workbook, sheet: Worksheet, table: Table) -> None:
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    for column, label in enumerate(table.labels):
        sheet.write_string(0, column, label, bold)
    for number, row in enumerate(table.rows, 1):
        if number > MOST_ROWS:
            raise TooManyRows(f"An Excel sheet has {MOST_ROWS:,} rows at most.")
        for column, cell in enumerate(row):
            _put(sheet, number, column, cell, moment)


def _put(sheet: Worksheet, row: int, column: int, cell: Cell, moment: object) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, _fitting(cell))
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, moment)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _fitting(text: str) -> str:
    # Excel counts in UTF-16, where what lies beyond the first plane is two.
    if len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS:
        return text
    cut = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(_CUT))]
    return cut.decode("utf-16-le", "ignore") + _CUT
