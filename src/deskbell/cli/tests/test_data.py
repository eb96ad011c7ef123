"""`export`, `import`, `doctor` and `token`, typed as a person types them."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deskbell.accounts.actions import use_api_token, use_user_token
from deskbell.accounts.models import Account, User
from deskbell.attendant import actions, plans
from deskbell.attendant.models import Publication
from deskbell.cli import data
from deskbell.cli.main import main
from deskbell.foundation import clock
from deskbell.foundation.errors import NotSignedIn
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database instead of `up`'s."""
    url = os.environ["DATABASE_URL"]
    monkeypatch.setattr(data, "database", lambda _settings: contextlib.nullcontext(url))


@pytest.fixture
def account(transactional_db: None, acme: Account, at: datetime) -> Any:
    with account_scope(acme.pk):
        system = actions.add_system(account=acme, name="Front desk", at=at)
        hello = actions.add_announcement(account=acme, name="Hello", body="Hello.", at=at)
        menu = actions.add_menu(system=system, name="Day", at=at, announcement=hello)
        keys = [
            {"menuKey": "1", "menuAction": {"actionType": "GO_TO_MENU", "actionData": menu.sid}}
        ]
        actions.edit_menu(menu=menu, at=at, keys=keys)
        yield acme


def test_export_of_an_import_is_the_same_file(
    account: Account, other: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    assert main(["export", "--account", "W0411", str(first)]) == 0
    assert main(["import", "--account", "W0411", str(first)]) == 0
    assert "exactly this already" in capsys.readouterr().out
    assert not Publication.objects.exists()
    edited = first.read_text().replace("name: Day\n", 'name: "Day: really"\n')
    first.write_text(edited.replace("# Day", "# Day: really"))
    before = plans.read(account.pk)
    assert main(["import", "--dry-run", "--account", "W0411", str(first)]) == 0
    assert plans.read(account.pk) == before
    assert main(["import", "--account", "W0411", str(first)]) == 0
    said = capsys.readouterr().out
    assert 'changed  menu "Day: really"\n' in said
    assert "Name: Day → Day: really" in said
    assert main(["export", "--account", "W0411", str(second)]) == 0
    assert second.read_bytes() == first.read_bytes()
    assert Publication.objects.get(number=2).through == "import"
    with account_scope(other.pk):
        empty = plans.read(other.pk)
    assert main(["import", "--account", "W0422", str(first)]) == 2
    assert "line 10: The sid AN" in capsys.readouterr().err
    with account_scope(other.pk):
        assert plans.read(other.pk) == empty


def test_a_faulty_file_changes_nothing_and_names_the_line(
    account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "acme.yaml"
    assert main(["export", str(file)]) == 0
    before = plans.read(account.pk)
    text = file.read_text()
    line = next(n for n, each in enumerate(text.split("\n"), 1) if "GO_TO_MENU" in each)
    for wrong in (
        text.replace("GO_TO_MENU", "GO_TO_MARS").encode(),
        text.replace("actionData: MN", "actionData: MM").encode(),
        text.encode().replace(b"GO_TO_MENU", "Grüße".encode("latin-1")),
    ):
        file.write_bytes(wrong)
        assert main(["import", str(file)]) == 2
        assert f"{file}: line {line}: " in capsys.readouterr().err
    assert main(["import", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert plans.read(account.pk) == before
    assert not Publication.objects.exists()


def test_which_account_has_to_be_clear(
    account: Account, other: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export"]) == 2
    assert "W0411 (Acme Dental), W0422 (Brook Plumbing)" in capsys.readouterr().err
    assert main(["export", "--account", "W0400"]) == 2
    assert "there is no account W0400" in capsys.readouterr().err


def test_doctor_says_what_is_wrong(
    account: Account, other: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--account", "W0422"]) in {0, 1}
    assert "W0422 Brook Plumbing" in capsys.readouterr().out
    main(["doctor"])
    said = capsys.readouterr().out
    assert "W0411 Acme Dental: " in said
    assert "W0422 Brook Plumbing" in said


def test_a_token_signs_its_person_in(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "Alice@example.com"]) == 0
    sid, _, token = capsys.readouterr().out.strip().partition(":")
    assert use_user_token(sid, token, at=clock.now()) == alice
    assert main(["token", "nobody@example.com"]) == 2
    assert "nobody@example.com" in capsys.readouterr().err


def test_tokens_of_an_account(
    account: Account, other: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    scopes = ["--scope", "messages:read", "--scope", "to_dos:write"]
    assert main(["token", "add", "CRM", "--account", "W0411", *scopes]) == 0
    made = capsys.readouterr().out.strip()
    found = use_api_token(made, at=clock.now(), per_minute=600)
    assert (found.account, found.scopes) == (account, ["messages:read", "to_dos:write"])
    assert main(["token", "list", "--account", "W0411"]) == 0
    listed = capsys.readouterr().out
    assert made not in listed
    assert f"{found.pk}  CRM; messages:read, to_dos:write; made " in listed
    assert "; 1 use, the last " in listed
    assert main(["token", "revoke", str(found.pk), "--account", "W0422"]) == 2
    assert main(["token", "revoke", str(found.pk), "--account", "W0411"]) == 0
    with pytest.raises(NotSignedIn):
        use_api_token(made, at=clock.now(), per_minute=600)
    main(["token", "list", "--account", "W0411"])
    assert "; revoked " in capsys.readouterr().out


def test_a_scope_that_is_none(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "add", "CRM", "--scope", "messages"]) == 2
    assert "there is no scope messages; there are messages:read, " in capsys.readouterr().err
    assert main(["token", "add", " "]) == 2


def test_a_folder_is_named_as_for_up(
    account: Account,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DESKBELL_DATA_DIR", str(tmp_path / "elsewhere"))
    folder = tmp_path / "here"
    assert main(["doctor", "--account", "W0411", "--data-dir", str(folder)]) in {0, 1}
    assert "W0411" in capsys.readouterr().out
    assert folder.is_dir()
    assert not (tmp_path / "elsewhere").exists()
