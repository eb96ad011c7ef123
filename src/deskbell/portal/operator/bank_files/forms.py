"""The form in which a bank's file of returns is given to Deskbell."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from ...oncall.frame import SheetForm

MOST_BYTES: Final = 10_000_000


class ReturnsForm(SheetForm):
    """The file."""

    file = forms.FileField(
        label="File of returns",
        help_text="As your bank gives it, with returns and corrections; 10 MB at most.",
        error_messages={
            "required": "Choose the file that your bank gave you.",
            "empty": "This file is empty; choose the one that your bank gave you.",
        },
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data)
        if files:
            self.files = files

    def clean_file(self) -> Any:
        """A file that is not too long."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("This is too long for a file of returns: 10 MB at most.")
        return file

    @property
    def text(self) -> str:
        """What it says; what is no plain text is left for its reader to refuse."""
        content: bytes = self.cleaned_data["file"].read()
        return content.decode("utf-8", "replace")
