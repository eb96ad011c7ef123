"""What people change of themselves, and what becomes of links to a new address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from deskbell.accounts import actions, hooks
from deskbell.accounts.actions import LinkOver, UserFields
from deskbell.accounts.errors import EmailTaken, PasswordTooWeak
from deskbell.accounts.models import Account, EmailChange, User
from deskbell.accounts.notices import Notice
from deskbell.foundation.errors import Conflict, DeskbellError, InvalidInput, NotFound
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "alice@new.example"
OTHER_PASSWORD = "Sing-the-song-2"
HOUR = timedelta(hours=1)


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """What the hooks told."""
    told: list[object] = []
    every = (hooks.email_asked, hooks.email_changed, hooks.password_changed)
    for hook in every:
        hook.subscribe(told.append)
    yield told
    for hook in every:
        hook.unsubscribe(told.append)


def link_for(user: User, email: str, at: datetime) -> str:
    made = actions.ask_for_email(user=user, email=email, at=at)
    found = actions.token_for_email(change_id=made.pk, at=at)
    assert found is not None
    return found[1]


def test_an_address_counts_once_its_link_was_followed(
    alice: User, at: datetime, heard: list[object]
) -> None:
    token = link_for(alice, f" {NEW} ", at)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert token not in str(list(EmailChange.objects.values_list()))
    later = at + HOUR
    assert actions.confirm_email(token=token, at=later).email == NEW
    alice.refresh_from_db()
    assert (alice.email, alice.updated_at) == (NEW, later)
    changed = hooks.EmailChanged(alice.pk, "alice@example.com", NEW, later)
    assert heard == [hooks.EmailAsked(EmailChange.objects.get().pk, at), changed]


def test_a_link_works_once(alice: User, at: datetime) -> None:
    token = link_for(alice, NEW, at)
    actions.confirm_email(token=token, at=at)
    with pytest.raises(LinkOver, match=f"followed before. The address is {NEW} now"):
        actions.confirm_email(token=token, at=at)


def test_a_link_lasts_a_day(alice: User, at: datetime) -> None:
    token = link_for(alice, NEW, at)
    with pytest.raises(LinkOver, match="older than a day"):
        actions.confirm_email(token=token, at=at + 24 * HOUR)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert (
        actions.token_for_email(change_id=EmailChange.objects.get().pk, at=at + 24 * HOUR) is None
    )


def test_a_withdrawn_link_is_over(alice: User, at: datetime) -> None:
    token = link_for(alice, NEW, at)
    assert actions.withdraw_email_changes(user=alice, at=at) == 1
    with pytest.raises(LinkOver, match="withdrawn"):
        actions.confirm_email(token=token, at=at)
    assert actions.token_for_email(change_id=EmailChange.objects.get().pk, at=at) is None


@pytest.mark.parametrize("token", ["", "x", "ü" * 50, "A" * 43])
def test_a_guessed_link_is_none(alice: User, at: datetime, token: str) -> None:
    link_for(alice, NEW, at)
    with pytest.raises(NotFound):
        actions.confirm_email(token=token, at=at)


def test_of_two_changes_the_later_counts(alice: User, at: datetime) -> None:
    first = link_for(alice, "first@new.example", at)
    second = link_for(alice, "second@new.example", at)
    with pytest.raises(LinkOver, match="withdrawn"):
        actions.confirm_email(token=first, at=at)
    assert actions.confirm_email(token=second, at=at).email == "second@new.example"


def test_a_link_that_is_mailed_again_takes_the_place_of_the_first(
    alice: User, at: datetime
) -> None:
    first = link_for(alice, NEW, at)
    again = actions.token_for_email(change_id=EmailChange.objects.get().pk, at=at)
    assert again is not None
    with pytest.raises(NotFound):
        actions.confirm_email(token=first, at=at)
    assert actions.confirm_email(token=again[1], at=at).email == NEW


def test_asking_tells_nobody_who_is_registered(alice: User, bob: User, at: datetime) -> None:
    made = actions.ask_for_email(user=alice, email=bob.email, at=at)
    unknown = actions.ask_for_email(user=alice, email="nobody@new.example", at=at)
    assert (type(made), made.expires_at) == (type(unknown), unknown.expires_at)


def test_an_address_that_somebody_took_meanwhile_stays_theirs(
    alice: User, bob: User, at: datetime
) -> None:
    mine, theirs = link_for(alice, NEW, at), link_for(bob, NEW.upper(), at)
    actions.confirm_email(token=theirs, at=at)
    with pytest.raises(EmailTaken):
        actions.confirm_email(token=mine, at=at)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@example.com", " Alice@Example.com"])
def test_ones_own_address_is_no_change(alice: User, at: datetime, email: str) -> None:
    with pytest.raises(InvalidInput, match="already"):
        actions.ask_for_email(user=alice, email=email, at=at)


@pytest.mark.parametrize(
    "email",
    ["", "alice", "a@b", "a b@example.com", "a@example.com\nBcc: x@example.com", "a\0@b.co"],
)
def test_what_is_no_address_is_refused(alice: User, at: datetime, email: str) -> None:
    with pytest.raises(InvalidInput):
        actions.ask_for_email(user=alice, email=email, at=at)


def test_strangers_are_not_mailed_without_end(alice: User, at: datetime) -> None:
    for index in range(5):
        actions.ask_for_email(user=alice, email=f"{index}@new.example", at=at)
    with pytest.raises(Conflict, match="too many"):
        actions.ask_for_email(user=alice, email=NEW, at=at + 0.9 * HOUR)
    actions.ask_for_email(user=alice, email=NEW, at=at + 1.1 * HOUR)


def test_a_link_of_somebody_who_is_suspended_leads_nowhere(alice: User, at: datetime) -> None:
    token = link_for(alice, NEW, at)
    User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    with pytest.raises(NotFound):
        actions.confirm_email(token=token, at=at)


def together(*steps: Callable[[], object]) -> list[object]:
    """Does several things at the same time, each on its own connection; what came of each."""
    ready = Barrier(len(steps))
    results: list[object] = [None] * len(steps)

    def run(place: int) -> None:
        ready.wait(10)
        try:
            results[place] = steps[place]()
        except DeskbellError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_followed_twice_at_once_works_once(alice: User, at: datetime) -> None:
    token = link_for(alice, NEW, at)

    def follow() -> object:
        return actions.confirm_email(token=token, at=at)

    found = together(follow, follow)
    assert sorted(type(each).__name__ for each in found) == ["LinkOver", "User"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_address_at_once_one_has_it(
    alice: User, bob: User, at: datetime
) -> None:
    tokens = [link_for(alice, NEW, at), link_for(bob, NEW, at)]
    found = together(*(lambda t=t: actions.confirm_email(token=t, at=at) for t in tokens))
    assert sorted(type(each).__name__ for each in found) == ["EmailTaken", "User"]
    assert User.objects.filter(email__iexact=NEW).count() == 1


def test_a_password_is_changed_by_who_knows_it(
    alice: User, at: datetime, heard: list[object]
) -> None:
    actions.change_password(user=alice, current=PASSWORD, password=OTHER_PASSWORD, at=at)
    alice.refresh_from_db()
    assert alice.check_password(OTHER_PASSWORD)
    assert heard == [hooks.PersonEvent(alice.pk, at)]


@pytest.mark.parametrize("current", ["", "wrong", PASSWORD.lower(), "x" * 10**6, "\0"])
def test_who_does_not_know_it_changes_nothing(alice: User, at: datetime, current: str) -> None:
    with pytest.raises(InvalidInput) as told:
        actions.change_password(user=alice, current=current, password=OTHER_PASSWORD, at=at)
    assert told.value.field == "current"
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["", "Short-1", "no-upper-case-1", "NO-LOWER-CASE-1", "No-Digit-Here", "NoSpecial1", "P@ssw0rd",
     "Alice@example.com1", "Aa1-" + "x" * 200],
)  # fmt: skip
def test_the_rule_for_passwords(alice: User, at: datetime, password: str) -> None:
    with pytest.raises(PasswordTooWeak):
        actions.change_password(user=alice, current=PASSWORD, password=password, at=at)


def test_the_same_password_is_no_change(alice: User, at: datetime) -> None:
    with pytest.raises(InvalidInput, match="already") as told:
        actions.change_password(user=alice, current=PASSWORD, password=PASSWORD, at=at)
    assert told.value.field == "password"


def test_who_never_had_a_password_chooses_one(alice: User, at: datetime) -> None:
    alice.set_unusable_password()
    alice.save()
    actions.change_password(user=alice, current="", password=OTHER_PASSWORD, at=at)
    alice.refresh_from_db()
    assert alice.check_password(OTHER_PASSWORD)


def test_a_new_password_withdraws_a_change_of_address(alice: User, at: datetime) -> None:
    token = link_for(alice, NEW, at)
    actions.change_password(user=alice, current=PASSWORD, password=OTHER_PASSWORD, at=at)
    with pytest.raises(LinkOver, match="withdrawn"):
        actions.confirm_email(token=token, at=at)


def numbers(user: User, primary: str, *secondary: str, region: str = "US") -> tuple[str, list[str]]:
    actions.change_numbers(
        user=user, primary=primary, secondary=secondary, region=region, at=user.created_at
    )
    user.refresh_from_db()
    return user.primary_number, user.secondary_numbers


def test_numbers_are_kept_once_as_e164(alice: User) -> None:
    kept = numbers(alice, "(212) 555-0142", "+44 20 7946 0958", "", "212-555-0142", "2125550143",
                   "+1 212 555 0143")  # fmt: skip
    assert kept == ("+12125550142", ["+442079460958", "+12125550143"])
    assert numbers(alice, "020 7946 0958", region="GB") == ("+442079460958", [])
    assert numbers(alice, " ") == ("", [])


def test_what_is_no_number_is_refused_beside_its_field(alice: User) -> None:
    for primary, secondary, field in [
        ("hello", [], "primary"), ("12", [], "primary"), ("9" * 41, [], "primary"),
        ("", ["2125550142", "no"], "secondary_1"), ("", ["\0"], "secondary_0"),
        ("", [f"21255501{n}" for n in range(40, 51)], "secondary_10"),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput) as told:
            numbers(alice, primary, *secondary)
        assert told.value.field == field


def test_names_zones_and_notices(alice: User, at: datetime) -> None:
    actions.change_name(user=alice, name=" Alice Archer ", at=at)
    actions.change_time_zone(user=alice, time_zone="Europe/London", at=at)
    actions.choose_notices(user=alice, notices=list(Notice) * 2, at=at)
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice Archer", "Europe/London")
    assert set(alice.notices) == {str(each) for each in Notice}
    actions.change_time_zone(user=alice, time_zone="", at=at)
    assert alice.time_zone == ""
    for name in ("  ", "x" * 201, "a\0b"):
        with pytest.raises(InvalidInput):
            actions.change_name(user=alice, name=name, at=at)
    for zone in ("Mars/Base", "../../etc/passwd", "posixrules"):
        with pytest.raises(InvalidInput):
            actions.change_time_zone(user=alice, time_zone=zone, at=at)
    with pytest.raises(InvalidInput):
        actions.choose_notices(user=alice, notices=["all"], at=at)


@pytest.mark.parametrize("fields", [{"password": OTHER_PASSWORD}, {"email": "by@admin.example"}])
def test_what_an_administrator_sets_ends_what_was_asked_for(
    heard: list[object], alice: User, acme: Account, at: datetime, fields: UserFields
) -> None:
    """Whoever asked for the change may be whom the administrator locks out."""
    token = link_for(alice, NEW, at)
    actions.edit_member(user=alice, account=acme, at=at, by="olivia@example.com", **fields)
    with pytest.raises(LinkOver):
        actions.confirm_email(token=token, at=at)
    told = hooks.PersonEvent(alice.pk, at) in heard
    assert told == ("password" in fields)


def test_another_name_leaves_a_change_that_was_asked_for(
    alice: User, acme: Account, at: datetime
) -> None:
    made = actions.ask_for_email(user=alice, email=NEW, at=at)
    actions.edit_member(user=alice, account=acme, at=at, by=alice.email, name="Alice A.")
    assert actions.token_for_email(change_id=made.pk, at=at)
