"""What the demo's businesses say of themselves: company information, and a logo each."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import Image, ImageDraw

from deskbell.accounts.actions import edit_company, keep_picture
from deskbell.accounts.models import Account
from deskbell.accounts.pictures import Shape

from .cast import ACME, BROOK, Business


@dataclass(frozen=True, slots=True)
class Said:
    """What a business says, beside its name."""

    phone: str
    domain: str
    address: str
    about: str
    colour: str


SAID: Final = {
    ACME.number: Said(
        phone="+1 212 555 0142",
        domain="acme.example",
        address="12 Orchard Street\nNew York, NY 10002",
        about="A dentist's practice. Patients call the dentists by their first names.",
        colour="#1f7a8c",
    ),
    BROOK.number: Said(
        phone="+1 312 555 0122",
        domain="brook.example",
        address="8 Mill Lane\nChicago, IL 60601",
        about="Plumbers. Burst pipes always go to the plumber on call, at any hour.",
        colour="#33658a",
    ),
}


def add_company(*, account: Account, business: Business, at: datetime) -> None:
    """Says it for the account; its numbers show it too."""
    said = SAID[business.number]
    edit_company(
        account=account,
        company_name=business.name,
        company_phone=said.phone,
        company_email=f"office@{said.domain}",
        website=f"https://{said.domain}",
        address=said.address,
        about=said.about,
        colour=said.colour,
        logo=keep_picture(upload=_logo(said.colour), shape=Shape.LOGO, at=at),
    )


def _logo(colour: str) -> bytes:
    """A bell in a rounded square."""
    size = 320
    image = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, size - 1, size - 1), radius=72, fill=colour)
    draw.pieslice((70, 80, 250, 300), 180, 360, fill="white")
    draw.rounded_rectangle((52, 196, 268, 222), radius=13, fill="white")
    draw.ellipse((146, 54, 174, 82), fill="white")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
