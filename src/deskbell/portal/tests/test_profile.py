"""My Profile: what people change there, what is refused beside its field, and who may not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from deskbell.accounts.models import Account, EmailChange, User
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope
from deskbell.portal.notices import jobs
from deskbell.portal.pictures import uploads
from deskbell.portal.sign_in.sessions import end_all_sessions
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
OTHER_PASSWORD = "Sing-the-song-2"


def posted(page: Client, part: str, form: str, **typed: Any) -> Any:
    """Sends one of the page's forms as it stands, with some fields typed anew."""
    found = page.get("/profile/").context[form]
    data = {name: found[name].value() or "" for name in found.fields if name != "picture"}
    return page.post(f"/profile/{part}/", data | typed)


def words(answer: Any) -> str:
    return str(answer.content.decode())


def mailed() -> str:
    """The link in the mail about the newest change of address, as the worker sends it."""
    jobs.send_email_link.work(change_id=EmailChange.objects.latest("pk").pk)
    found = re.search(r"https?://[^/]+(/profile/email/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_name_is_changed(page: Client, alice: User) -> None:
    assert posted(page, "name", "name_form", name="Alice Archer").status_code == 302
    alice.refresh_from_db()
    assert alice.name == "Alice Archer"
    assert "Your name is saved." in words(page.get("/profile/"))
    empty = posted(page, "name", "name_form", name=" ")
    assert empty.status_code == 422
    assert "Type your first and last name." in words(empty)


def test_two_tabs_do_not_overwrite_each_other(page: Client, alice: User) -> None:
    stale = page.get("/profile/").context["name_form"]["seen"].value()
    User.objects.filter(pk=alice.pk).update(name="Alice Elsewhere")
    answer = page.post("/profile/name/", {"name": "Alice Here", "seen": stale})
    assert answer.status_code == 409
    assert "Alice Elsewhere" in words(answer)


def test_an_address_changes_once_its_link_is_followed(page: Client, alice: User) -> None:
    typed = {"email": "alice@new.example", "current": PASSWORD}
    assert posted(page, "email", "email_form", **typed).status_code == 302
    assert "We sent a link to <strong>alice@new.example" in words(page.get("/profile/"))
    link = mailed()
    assert mail.outbox[-1].to == ["alice@new.example"]
    assert "Use alice@new.example" in words(page.get(link))
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"  # a mail program that follows links changes nothing
    assert page.post(link).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "alice@new.example"
    assert page.get("/profile/").status_code == 200  # still signed in
    jobs.send_email_changed.work(
        user_id=alice.pk, before="alice@example.com", now_is="alice@new.example"
    )
    assert mail.outbox[-1].to == ["alice@example.com"]
    again = page.get(link)
    assert (again.status_code, "followed before" in words(again)) == (410, True)


def test_a_link_is_followed_without_signing_in_too(page: Client, alice: User) -> None:
    posted(page, "email", "email_form", email="alice@new.example", current=PASSWORD)
    link, stranger = mailed(), Client()
    assert stranger.get(link).status_code == 200
    done = stranger.post(link, follow=True)
    assert "Sign in with the new one from now on" in words(done)
    assert "sessionid" not in stranger.cookies


def test_a_link_is_not_for_whoever_else_is_signed_in(
    page: Client, signed_in: Callable[[User], Client], bob: User, alice: User
) -> None:
    posted(page, "email", "email_form", email="alice@new.example", current=PASSWORD)
    link = mailed()
    for answer in (signed_in(bob).get(link), signed_in(bob).post(link)):
        assert answer.status_code == 403
        assert "You are signed in as Bob" in words(answer)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_withdrawn_old_and_guessed_links_say_so(page: Client, alice: User) -> None:
    posted(page, "email", "email_form", email="alice@new.example", current=PASSWORD)
    link = mailed()
    assert page.post("/profile/email/withdraw/").status_code == 302
    assert (page.get(link).status_code, page.post(link).status_code) == (410, 410)
    posted(page, "email", "email_form", email="alice@new.example", current=PASSWORD)
    link = mailed()
    EmailChange.objects.update(expires_at=now() - timedelta(seconds=1))
    assert "older than a day" in words(page.post(link))
    assert page.get(f"/profile/email/{'A' * 43}/").status_code == 404


def test_an_address_taken_elsewhere_is_told_to_nobody_but_its_owner(
    page: Client, bob: User, alice: User
) -> None:
    taken = posted(page, "email", "email_form", email="bob@example.com", current=PASSWORD)
    said = words(page.get("/profile/")).replace("bob@example.com", "X")
    jobs.send_email_link.work(change_id=EmailChange.objects.get().pk)
    assert mail.outbox[-1].to == ["bob@example.com"]
    assert "/profile/email/" not in str(mail.outbox[-1].body)
    page.post("/profile/email/withdraw/")
    page.get("/profile/")
    free = posted(page, "email", "email_form", email="free@example.com", current=PASSWORD)
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    again = words(page.get("/profile/")).replace("free@example.com", "X")
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|datetime="[^"]+"|title="[^"]+"')
    assert strip.sub("", said) == strip.sub("", again)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": "alice", "current": PASSWORD}, "is not an email address"),
        ({"email": "Alice@Example.com", "current": PASSWORD}, "This is your email address already"),
        ({"email": "a@new.example", "current": ""}, "Type your present password"),
        ({"email": "a@new.example", "current": "wrong"}, "not your present password"),
        ({"email": "", "current": PASSWORD}, "is not an email address"),
    ],
)
def test_what_is_wrong_with_an_address_stands_beside_it(
    page: Client, typed: dict[str, str], says: str
) -> None:
    answer = posted(page, "email", "email_form", **typed)
    assert answer.status_code == 422
    assert says in words(answer)
    assert PASSWORD not in words(answer)
    assert not EmailChange.objects.exists()


def test_a_password_is_changed_and_other_sessions_end(
    page: Client, signed_in: Callable[[User], Client], alice: User
) -> None:
    elsewhere = signed_in(alice)
    typed = {"current": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert posted(page, "password", "password_form", **typed).status_code == 302
    assert page.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(OTHER_PASSWORD)
    end_all_sessions(alice)  # which still knows this one
    assert page.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"current": "wrong"}, "not your present password"),
        ({"password": "short", "again": "short"}, "at least 8 characters"),
        ({"password": "P@ssw0rd", "again": "P@ssw0rd"}, "too common"),
        ({"again": "Another-1"}, "not the same"),
        ({"password": PASSWORD, "again": PASSWORD}, "your password already"),
        ({"password": "Alice@example.com1", "again": "Alice@example.com1"}, "too similar"),
    ],
)
def test_what_is_wrong_with_a_password_stands_beside_it(
    page: Client, alice: User, typed: dict[str, str], says: str
) -> None:
    whole = {"current": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD} | typed
    answer = posted(page, "password", "password_form", **whole)
    assert answer.status_code == 422
    assert says in words(answer)
    assert OTHER_PASSWORD not in words(answer)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_the_present_password_is_not_guessed_for_ever(page: Client, alice: User) -> None:
    for index in range(12):
        answer = posted(
            page, "password", "password_form", current=f"Guess-{index}", password=OTHER_PASSWORD,
            again=OTHER_PASSWORD,
        )  # fmt: skip
    assert "locked" in words(answer)
    right = {"current": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert "locked" in words(posted(page, "password", "password_form", **right))
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def a_picture(size: tuple[int, int] = (600, 300)) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, "PNG")
    return SimpleUploadedFile("whatever.exe", file.getvalue(), content_type="text/html")


def test_pictures_are_taken_so_often_a_minute(page: Client, alice: User) -> None:
    minute = now().replace(second=0, microsecond=0)
    for _ in range(uploads.A_MINUTE):
        uploads.count_upload(alice.pk, at=minute)
    with pytest.raises(InvalidInput, match="pictures a minute"):
        uploads.count_upload(alice.pk, at=minute + timedelta(seconds=59))
    uploads.count_upload(alice.pk, at=minute + timedelta(seconds=60))
    uploads.count_upload(alice.pk + 1, at=minute)


def test_too_many_pictures_are_refused_beside_the_field(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "A_MINUTE", 0)
    answer = page.post("/profile/picture/", {"picture": a_picture()})
    assert answer.status_code == 422
    assert "pictures a minute; wait a moment" in words(answer)


def test_a_picture_is_shown_to_those_who_share_the_account(
    page: Client, signed_in: Callable[[User], Client], alice: User, bob: User, charlie: User
) -> None:
    crop = {"crop_x": "0", "crop_y": "0", "crop_side": "200"}
    assert page.post("/profile/picture/", {"picture": a_picture(), **crop}).status_code == 302
    found = re.search(r'src="(/pictures/[0-9a-f]{64}/)"', words(page.get("/profile/")))
    assert found
    shown = page.get(found[1])
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert shown["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert Image.open(io.BytesIO(shown.content)).size == (256, 256)
    assert signed_in(bob).get(found[1]).status_code == 200
    assert signed_in(charlie).get(found[1]).status_code == 404
    assert Client().get(found[1]).status_code == 302
    assert page.post("/profile/picture/remove/").status_code == 302
    assert "/pictures/" not in words(page.get("/profile/"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"<svg><script>alert(1)</script></svg>", "cannot be read as a picture"),
        (bytes(10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_picture_is_refused_beside_the_field(
    page: Client, content: bytes, says: str
) -> None:
    upload = SimpleUploadedFile("me.png", content, content_type="image/png")
    answer = page.post("/profile/picture/", {"picture": upload})
    assert answer.status_code == 422
    assert says in words(answer)
    assert "Choose a picture first" in words(page.post("/profile/picture/"))


@pytest.mark.parametrize("crop", ["-1", "1e9", "9" * 50, "x", "", "٣"])
def test_a_crop_that_is_none_is_the_middle(page: Client, crop: str) -> None:
    typed = {"picture": a_picture(), "crop_x": crop, "crop_y": crop, "crop_side": crop}
    assert page.post("/profile/picture/", typed).status_code == 302


def test_numbers_are_taken_into_the_delivery_methods(
    page: Client, alice: User, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Dr. Archer", at=at)
        Contact.objects.filter(pk=contact.pk).update(user_id=alice.pk)
    typed = {"primary": "212 555 0142", "secondary_0": "+44 20 7946 0958"}
    assert posted(page, "numbers", "numbers_form", **typed).status_code == 302
    shown = page.get("/profile/")
    assert "Take (212) 555-0142 into my delivery methods: Call" in words(shown)
    take = {"number": "+12125550142", "way": "call"}
    for _ in range(2):  # a second click adds nothing
        assert page.post("/profile/numbers/take/", take).status_code == 302
    with account_scope(acme.pk):
        [method] = DeliveryMethod.objects.all()
    assert (method.kind, method.address, method.contact_id) == ("call", "+12125550142", contact.pk)
    assert page.post("/profile/numbers/take/", take | {"way": "webhook"}).status_code == 404
    assert page.post("/profile/numbers/take/", take | {"number": "+1"}).status_code == 404


def test_a_number_is_only_taken_into_ones_own_contact(
    page: Client, alice: User, bob: User, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Bob", at=at)
        Contact.objects.filter(pk=contact.pk).update(user_id=bob.pk)
    posted(page, "numbers", "numbers_form", primary="212 555 0142")
    take = {"number": "+12125550142", "way": "call"}
    assert page.post("/profile/numbers/take/", take).status_code == 404
    assert "You are no contact of Acme Dental" in words(page.get("/profile/"))


def test_what_is_no_number_is_refused_and_kept_to_be_mended(page: Client, alice: User) -> None:
    answer = posted(page, "numbers", "numbers_form", primary="212 555 0142", secondary_1="hello")
    assert answer.status_code == 422
    assert "This is not a phone number" in words(answer)
    assert 'value="hello"' in words(answer)
    alice.refresh_from_db()
    assert alice.primary_number == ""


def test_a_time_zone_and_notices(page: Client, alice: User) -> None:
    typed = {"time_zone": "Europe/London", "notices": ["message_taken", "new_sign_in"]}
    assert posted(page, "notices", "notices_form", **typed).status_code == 302
    alice.refresh_from_db()
    assert (alice.time_zone, alice.notices) == ("Europe/London", ["message_taken", "new_sign_in"])
    wrong = posted(page, "notices", "notices_form", time_zone="Mars", notices=["everything"])
    assert wrong.status_code == 422
    assert "Choose a time zone from the list" in words(wrong)
    assert "Choose among these." in words(wrong)


def test_staff_are_offered_what_they_can_have(
    signed_in: Callable[[User], Client], rita: User, acme: Account
) -> None:
    shown = words(signed_in(rita).get("/profile/"))
    assert "I signed in on a device" in shown
    assert "A message was taken" not in shown
