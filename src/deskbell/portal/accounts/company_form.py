"""The form of company information: an account's, or that of one of its numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from deskbell.accounts.actions import CompanyFields, keep_picture
from deskbell.accounts.companies import FIELDS
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.pictures import Shape
from deskbell.foundation.errors import InvalidInput

from ..attendant.forms import PartForm
from ..pictures.uploads import PictureField, count_upload

Row = Account | PhoneNumber


def _line(label: str, help_text: str = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


class CompanyForm(PartForm[Row]):
    """What a company says of itself. With a `default`, that shows in fields left blank."""

    company_name = _line("Company name", "Said and shown for it.", autocomplete="organization")
    company_phone = _line("Phone", inputmode="tel", autocomplete="off")
    company_email = _line("Email", inputmode="email", autocomplete="off")
    website = _line("Website", inputmode="url", autocomplete="off")
    address = forms.CharField(
        label="Address", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    about = forms.CharField(
        label="About",
        required=False,
        help_text="What receptionists should know: what the company does, how to say its name.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    colour = _line("Colour", "Beside its logo, such as #1f7a5c.", autocomplete="off")
    picture = PictureField(label="Logo")
    no_logo = forms.BooleanField(label="Take the logo away", required=False)

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, Any] | None,
        *,
        part: Row,
        default: Account | None = None,
        locked: bool = False,
    ) -> None:
        """`default` is the account whose information shows where `part` has none of its own."""
        super().__init__(data, part=part, locked=locked)
        self.files = cast(Any, files or {})
        if part.logo_id is None:
            del self.fields["no_logo"]
        for name in FIELDS if default else ():
            placeholder = str(getattr(default, name))
            if name == "company_name" and default and not placeholder:
                placeholder = default.name
            if placeholder:
                self.fields[name].widget.attrs["placeholder"] = placeholder

    def shown_of(self, part: Row) -> dict[str, Any]:
        """The row's own information."""
        return {**said_of(part), "no_logo": False}

    def covered(self, part: Row) -> object:
        """The information and the logo."""
        return {**said_of(part), "logo": part.logo_id}

    def fields_said(self, at: datetime, *, user_id: int) -> CompanyFields:
        """What to change; a new logo is kept, and counted as sent by the person of that id.

        Raises InvalidInput for what is no picture, and for too many of them.
        """
        said = {name: self.cleaned_data[name] for name in FIELDS}
        upload = self.cleaned_data.get("picture")
        if upload:
            count_upload(user_id, at=at)
            try:
                said["logo"] = keep_picture(upload=upload, shape=Shape.LOGO, at=at)
            except InvalidInput as error:
                raise InvalidInput(str(error), field="picture") from error
        elif self.cleaned_data.get("no_logo"):
            said["logo"] = None
        return cast(CompanyFields, said)


def said_of(row: Row) -> dict[str, str]:
    """A row's own information."""
    return {name: getattr(row, name) for name in FIELDS}
