"""Facts as people read them: named in words, and said once."""

from __future__ import annotations

from deskbell.delivery import wording
from deskbell.delivery.tests.example import parcel


def test_answers_are_named_in_words_and_nothing_is_said_twice() -> None:
    answers = {
        "caller_id": "(212) 555-0101",
        "number_dialed": "+12125550142",
        "existing_client": "Yes",
        "city": "",
    }
    given = parcel(caller_number="+12125550101", called_number="+12125550142", answers=answers)
    facts = dict(wording.facts_of(given))
    assert facts["Phone"] == "(212) 555-0101"
    assert facts["Existing client"] == "Yes"
    assert not {"Caller id", "Number dialed", "City"} & set(facts)


def test_another_number_is_said() -> None:
    given = parcel(caller_number="+12125550101", answers={"caller_id": "+12125550177"})
    assert dict(wording.facts_of(given))["Caller id"] == "+12125550177"
