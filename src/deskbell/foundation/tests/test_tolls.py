"""What is dear has to be named: country codes alone never open premium numbers or islands."""

from __future__ import annotations

import pytest

from deskbell.foundation.tolls import allowed_by


@pytest.mark.parametrize(
    ("prefixes", "number", "is_allowed"),
    [
        ([], "+12125550142", False),
        (["+1"], "+12125550142", True),
        (["+1"], "+14165550142", True),  # Canada
        (["+1"], "+18005550199", True),  # free of charge
        (["+1"], "+19005550142", False),  # premium
        (["+1"], "+18765550142", False),  # Jamaica
        (["+1"], "+18095550142", False),  # Dominican Republic
        (["+1"], "+12845550142", False),  # British Virgin Islands
        (["+1"], "+12425550100", False),  # Bahamas
        (["+1876"], "+18765550142", True),
        (["+1", "+1876"], "+18765550142", True),
        (["+1876"], "+12125550142", False),
        (["+1900"], "+19005550142", True),
        (["+1"], "+442071838750", False),
        (["+44"], "+442071838750", True),
        (["+44"], "+449012345678", False),  # premium
        (["+44"], "+448712345678", False),  # dearer than it looks
        (["+4"], "+449012345678", False),
        (["+4490"], "+449012345678", True),
        (["+"], "+442071838750", True),
        (["+"], "+19005550142", False),
        (["+"], "+881612345678", False),  # satellite
        (["+"], "+882161234567", False),  # international network
        (["+8816"], "+881612345678", True),
        (["+44"], "+447012345678", False),  # personal, which earns as premium numbers do
        (["+44"], "+447640123456", False),  # a pager
        (["+49"], "+499001123456", False),
        (["+49"], "+49900112345699", False),  # the same: exchanges pass over what is too much
        (["+39"], "+398991234569", False),
        (["+49"], "+49110", False),  # the police, as an account in Germany dials it
        (["+49"], "+493012345678901", True),  # long, and nothing dear in it
        (["+49900"], "+499001123456", True),
        (["+"], "+11235550123", False),  # no such area
        (["+1"], "nonsense", False),
        (["+"], "+", False),
    ],
)
def test_what_prefixes_allow(prefixes: list[str], number: str, is_allowed: bool) -> None:
    assert allowed_by(prefixes, number) is is_allowed
