"""My Accounts: who sees and changes what, and that nothing of it is anybody else's."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from deskbell.accounts import actions, queries
from deskbell.accounts.models import Account, Invitation, Membership, PhoneNumber, User
from deskbell.accounts.rules import ACCESSES, Right
from deskbell.audit.models import Entry
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def bobs(signed_in: SignIn, bob: User) -> Client:
    """bob's client, whose access is what `allow` says."""
    allow(bob)
    return signed_in(bob)


def allow(user: User, *rights: Right, role: str = "") -> None:
    Membership.objects.filter(user=user).update(role=role, accesses=list(map(str, rights)))


def fields_of(client: Client, url: str) -> dict[str, object]:
    """A form as the page shows it, with its mark of what it showed."""
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "picture"}
    return {name: value for name, value in shown.items() if value not in (None, False)}


def png() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGBA", (600, 200), "#1f7a5c").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")


def words(client: Client, url: str, **more: object) -> str:
    answer = client.get(url, **more)  # type: ignore[arg-type]
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_everybody_sees_the_numbers_and_few_may_brand_them(
    page: Client, bobs: Client, acme_number: PhoneNumber
) -> None:
    url = f"/accounts/numbers/{acme_number.pk}/"
    assert "(212) 555-0142" in words(bobs, "/accounts/")
    text = words(bobs, url)
    assert "This needs the Account Management access" in text
    assert "Save</button>" not in text
    assert bobs.post(url, {"company_name": "Bob and Sons"}).status_code == 403
    assert page.post(url, {**fields_of(page, url), "company_name": "Acme Kids"}).status_code == 302
    assert "Acme Kids" in words(bobs, "/accounts/")
    assert "Acme Kids" in words(bobs, "/accounts/?format=csv")
    assert "Acme Kids" not in words(bobs, "/accounts/?q=nobody")
    assert "No number" in words(bobs, "/accounts/?show=extension")


def test_account_management_is_enough_to_change_the_company(bobs: Client, bob: User) -> None:
    allow(bob, Right.ACCOUNT_MANAGEMENT)
    url = "/accounts/company/"
    answer = bobs.post(url, {**fields_of(bobs, url), "website": "no address"})
    assert answer.status_code == 422
    assert "This is no web address" in answer.content.decode()
    sent = {**fields_of(bobs, url), "company_name": "Acme Group", "picture": png()}
    assert bobs.post(url, sent).status_code == 302
    text = words(bobs, url)
    assert "Acme Group" in text
    account = Account.objects.get(name="Acme Dental")
    logo = queries.company_of_account(account).logo
    assert f"/pictures/{logo}/" in words(bobs, "/")  # in the header of every page
    with system_scope("test"):
        assert len(str(Entry.objects.get(act="accounts:company").changes)) < 200  # no picture
    assert bobs.get(f"/pictures/{logo}/").headers["Content-Type"] == "image/webp"
    assert bobs.post(url, {**fields_of(bobs, url), "no_logo": "on"}).status_code == 302
    assert "/pictures/" not in words(bobs, "/")


@pytest.mark.parametrize(
    "upload",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"GIF89a"],
)
def test_what_is_no_picture_is_refused_beside_its_field(page: Client, upload: bytes) -> None:
    url = "/accounts/company/"
    bad = SimpleUploadedFile("logo.png", upload, "image/png")
    answer = page.post(url, {**fields_of(page, url), "company_name": "Acme", "picture": bad})
    assert answer.status_code == 422
    assert answer.context["form"].errors["picture"]
    assert Account.objects.get().company_name == ""


def test_too_many_logos_are_refused_beside_the_field(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskbell.portal.pictures.uploads.A_MINUTE", 0)
    url = "/accounts/company/"
    answer = page.post(url, {**fields_of(page, url), "picture": png()})
    assert answer.status_code == 422
    assert "pictures a minute" in str(answer.context["form"].errors["picture"])


def test_of_two_who_edit_the_company_the_second_is_told(page: Client, acme: Account) -> None:
    url = "/accounts/company/"
    sent = {**fields_of(page, url), "company_name": "Mine"}
    actions.edit_company(account=acme, company_name="Theirs")
    answer = page.post(url, sent)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert Account.objects.get().company_name == "Theirs"


USERS_PAGES = (
    "/accounts/users/",
    "/accounts/users/invite/",
    "/accounts/users/{alice}/",
    "/accounts/users/{alice}/access/",
    "/accounts/users/{alice}/suspend/",
    "/accounts/users/{alice}/reactivate/",
    "/accounts/users/{alice}/remove/",
    "/accounts/users/{alice}/reset-mfa/",
    "/accounts/users/second-factor/",
)


@pytest.mark.parametrize("url", USERS_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_administrators_come_to_people(
    bobs: Client, bob: User, alice: User, url: str, method: str
) -> None:
    for role in ("", "AA_ADMIN"):
        allow(bob, *ACCESSES, role=role)  # every access there is, and still no administrator
        answer = getattr(bobs, method)(url.format(alice=alice.pk), {"accesses": ["to_dos"]})
        if answer.status_code != 405:  # what takes no POST
            assert answer.status_code == 403
            assert "administrators of the account" in answer.content.decode()
    assert 'href="/accounts/users/"' not in words(bobs, "/accounts/")


@pytest.mark.parametrize("url", [each for each in USERS_PAGES if "{alice}" in each])
def test_people_of_other_accounts_are_not_there(page: Client, charlie: User, url: str) -> None:
    for method in ("get", "post"):
        answer = getattr(page, method)(url.format(alice=charlie.pk), {"role": "BG_ADMIN"})
        assert answer.status_code == 404
    assert User.objects.get(pk=charlie.pk).is_active


def test_the_list_says_who_is_there(page: Client, alice: User, bob: User, at: datetime) -> None:
    allow(bob, Right.CALL_RECORDING)
    actions.suspend(user=bob, by=alice, at=at)
    text = words(page, "/accounts/users/")
    assert "alice@example.com" in text
    assert "Everything" in text
    assert "bob@example.com" in text
    assert "Call Recording" in text
    assert "Suspended" in text
    assert text.count(">Edit</a>") == 2
    assert "bob" not in words(page, "/accounts/users/?q=alice")
    [line] = page.get("/accounts/users/?show=suspended").context["list"].rows
    assert line.user == bob
    table = words(page, "/accounts/users/?format=csv&sort=name&dir=desc").splitlines()
    assert table[0].lstrip("\ufeff").startswith("Name,Email address,Role,Access,MFA")
    assert [line.split(",")[1] for line in table[1:]] == ["bob@example.com", "alice@example.com"]


def test_access_is_the_table_of_the_seed(page: Client, bob: User) -> None:
    url = f"/accounts/users/{bob.pk}/access/"
    text = words(page, url)
    for access in ACCESSES.values():
        assert access.name in text
        assert access.description.replace("'", "&#x27;") in text
    sent = {**fields_of(page, url), "role": "", "accesses": ["call_recording", "oncall_calendar"]}
    assert page.post(url, sent).status_code == 302
    found = Membership.objects.get(user=bob)
    assert queries.rights(bob, found.account) == {Right.CALL_RECORDING, Right.ONCALL_CALENDAR}
    with system_scope("test"):
        entry = Entry.objects.get(act="accounts:access")
    assert entry.subject == "Bob"
    assert set(entry.changes) == {"Role", "Access"}


@pytest.mark.parametrize("wrong", [{"role": "QUEEN"}, {"accesses": ["users"]}, {"accesses": ["x"]}])
def test_access_that_is_none_is_refused_beside_its_field(
    page: Client, bob: User, wrong: dict[str, object]
) -> None:
    url = f"/accounts/users/{bob.pk}/access/"
    before = Membership.objects.values().get(user=bob)
    answer = page.post(url, {**fields_of(page, url), **wrong})
    assert answer.status_code == 422
    assert Membership.objects.values().get(user=bob) == before


def test_the_last_administrator_stays(page: Client, alice: User) -> None:
    url = f"/accounts/users/{alice.pk}/"
    for way in ("suspend", "remove"):
        answer = page.post(f"{url}{way}/", follow=True)
        assert "last active administrator of Acme Dental" in answer.content.decode()
    answer = page.post("/accounts/leave/", follow=True)
    assert "last active administrator" in answer.content.decode()
    sent = {**fields_of(page, f"{url}access/"), "role": "AA_ADMIN"}
    answer = page.post(f"{url}access/", sent)
    assert answer.status_code == 422
    assert "last active administrator" in answer.content.decode()
    assert Right.USERS in queries.rights(alice, Account.objects.get())
    with system_scope("test"):
        assert not Entry.objects.exclude(act="account_login").exists()


def test_somebody_suspended_is_out_and_comes_back_without_old_sessions(
    page: Client, bobs: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskbell.portal.sign_in.seen.EVERY_SECONDS", 300)
    assert bobs.get("/").status_code == 200
    url = f"/accounts/users/{bob.pk}/"
    assert "Suspend Bob?" in words(page, f"{url}suspend/")
    page.post(f"{url}suspend/")
    assert bobs.get("/").status_code == 302
    assert "is suspended and cannot sign in" in words(page, url)
    page.post(f"{url}reactivate/")
    assert User.objects.get(pk=bob.pk).is_active
    assert bobs.get("/").status_code == 302


def test_who_belongs_elsewhere_keeps_name_and_sign_in(
    page: Client, bob: User, other: Account
) -> None:
    actions.join(user=bob, account=other)
    url = f"/accounts/users/{bob.pk}/"
    text = words(page, url)
    assert "belongs to another account too" in text
    assert "Suspend …" not in text
    assert "Brook" not in text  # which one is nobody's business
    page.post(url, {"name": "Rob", "seen": ""})
    page.post(f"{url}suspend/")
    bob.refresh_from_db()
    assert (bob.name, bob.status) == ("Bob", "ACTIVE")
    page.post(f"{url}remove/")
    assert list(queries.accounts_of(bob)) == [other]


def test_an_administrator_renames_and_removes(page: Client, bob: User, acme: Account) -> None:
    url = f"/accounts/users/{bob.pk}/"
    page.post(url, {**fields_of(page, url), "name": "Robert"})
    assert User.objects.get(pk=bob.pk).name == "Robert"
    assert "Remove Robert?" in words(page, f"{url}remove/")
    page.post(f"{url}remove/")
    assert queries.membership(bob, acme) is None
    assert page.get(url).status_code == 404


def test_what_else_goes_is_said(page: Client, alice: User, acme: Account, at: datetime) -> None:
    from deskbell.contacts.actions import add_contact
    from deskbell.contacts.models import Contact

    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Dr Alice", at=at)
        Contact.objects.filter(pk=contact.pk).update(user_id=alice.pk)
    actions.invite(email="new@example.com", name="", by=alice, account=acme, at=at)
    text = words(page, f"/accounts/users/{alice.pk}/suspend/")
    assert "This is you" in text
    assert "Dr Alice is not removed" in text
    assert "1 invitation that they sent stops working" in text


def test_a_member_leaves(bobs: Client, bob: User) -> None:
    assert "Leave Acme Dental?" in words(bobs, "/accounts/leave/")
    bobs.post("/accounts/leave/")
    assert not queries.accounts_of(bob).exists()
    assert bobs.get("/").status_code == 403


def test_staff_leave_nothing(signed_in: SignIn, olivia: User, acme: Account) -> None:
    client = signed_in(olivia)
    assert client.post("/accounts/leave/").status_code == 404
    assert "/accounts/leave/" not in words(client, "/accounts/")


def test_a_second_factor_is_required_and_not(page: Client, acme: Account) -> None:
    url = "/accounts/users/second-factor/"
    assert "You are one of them" in words(page, url)
    page.post(url, {"required": "yes"})
    acme.refresh_from_db()
    assert acme.requires_mfa


def test_invitations_are_sent_again_and_withdrawn(
    page: Client, alice: User, acme: Account, at: datetime
) -> None:
    sent = {"email": "new@example.com", "name": "New", "role": "", "accesses": ["to_dos"]}
    assert page.post("/accounts/users/invite/", sent).status_code == 302
    found = Invitation.objects.get()
    assert (found.account, found.invited_by, found.accesses) == (acme, alice.email, ["to_dos"])
    assert "new@example.com" in words(page, "/accounts/users/")
    answer = page.post("/accounts/users/invite/", sent)
    assert answer.status_code == 422
    assert "is invited already" in answer.content.decode()
    url = f"/accounts/invitations/{found.pk}"
    assert "less than a minute" in page.post(f"{url}/again/", follow=True).content.decode()
    assert "Withdraw the invitation" in words(page, f"{url}/withdraw/")
    page.post(f"{url}/withdraw/")
    found.refresh_from_db()
    assert found.withdrawn_at is not None
    assert page.post(f"{url}/again/").status_code == 404


def test_invitations_of_other_accounts_are_not_there(
    page: Client, charlie: User, other: Account, at: datetime
) -> None:
    theirs = actions.invite(email="new@example.com", name="", by=charlie, account=other, at=at)
    for way in ("again", "withdraw"):
        assert page.post(f"/accounts/invitations/{theirs.pk}/{way}/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None
    assert "new@example.com" not in words(page, "/accounts/users/")


def test_an_address_that_signs_in_elsewhere_is_invited_as_any_other(
    page: Client, charlie: User
) -> None:
    answers = {
        page.post("/accounts/users/invite/", {"email": email, "role": ""}, follow=True)
        .content.decode()
        .count(email)
        for email in (charlie.email, "charlex@example.com")
    }
    assert len(answers) == 1


def test_many_accounts_are_searched(
    signed_in: SignIn, olivia: User, alice: User, page: Client, at: datetime
) -> None:
    client = signed_in(olivia)
    for each in range(21):
        actions.open_account(number=f"X{each:03}", name=f"Shop {each}", time_zone="UTC", at=at)
    assert 'action="/account/choose/"' in words(client, "/")
    text = words(client, "/account/choose/?q=shop+1")
    assert "Shop 19" in text
    assert "Shop 2<" not in text
    chosen = Account.objects.get(number="X019")
    for forged in ("", "9" * 30, "9" * 5000, "-1", "²"):
        assert client.post("/account/", {"account": forged}).status_code == 404
    client.post("/account/", {"account": chosen.pk})
    assert "Shop 19" in words(client, "/")
    assert "Shop" not in words(page, "/account/choose/?q=shop")
