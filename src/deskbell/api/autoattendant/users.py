"""Users of an enterprise. Source: seed 002, "Users"; design, attendant API, "User"."""

from __future__ import annotations

from copy import copy
from typing import Annotated, Any, Final, Literal

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import BeforeValidator, ConfigDict

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.errors import UserNotFound
from deskbell.accounts.models import Account, Membership, Role, UserStatus
from deskbell.foundation import clock

from .answers import BODY, QUERY, answer_of, declared, shown
from .auth import ADMIN, ANY_ROLE, CallerRequest
from .callers import ENTERPRISE_ADMIN, Caller
from .fields import Body, Needed, Sid, Text, words
from .lists import Chosen, Listing, listed, page_of
from .records import Record, first_fields

router = Router(tags=["Users"])
SORTS: Final = {"name": "user__name", "email": "user__email", "dateCreated": "user__created_at"}
CANNOT: Final = (467, 484, 499, 505)


def _known_role(value: Any) -> Any:
    """`AA-Admin` is how one of the seed's examples writes it."""
    return value.upper().replace("-", "_") if isinstance(value, str) else value


AnyRole = Annotated[Literal["BG_ADMIN", "AA_ADMIN"], BeforeValidator(_known_role)]
Status = Literal["ACTIVE", "SUSPENDED", "DELETED"]


class NewUser(Body):
    """A user to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "ACTIVE",
                "name": "Bob",
                "emailId": "bob@example.com",
                "password": "Ring-the-bell-1",
                "role": "AA_ADMIN",
            }
        }
    )

    email_id: Needed
    role: AnyRole
    name: Text | None = None
    password: Text | None = Field(
        None, description='Without one, the person begins with "Forgotten your password?".'
    )
    status: Status = "ACTIVE"
    enterprise_sid: Sid | None = Field(
        None, description="Whose user it will be; needed by whoever has several enterprises."
    )


class ChangedUser(Body):
    """What to change of a user."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "SUSPENDED"}})

    status: Status = "ACTIVE"
    name: Text | None = None
    email_id: Needed = ""
    password: Needed = ""
    role: AnyRole = "AA_ADMIN"
    enterprise_sid: Sid | None = Field(None, description="In which enterprise, where several.")


class UserRecord(Record):
    """A user."""

    email_id: str
    status: Annotated[str, words(*UserStatus.values)]
    role: Annotated[str | None, words(Role.BG_ADMIN.value, Role.AA_ADMIN.value)] = None
    name: str | None = None
    enterprise_sid: str | None = Field(default=None, description="On its own page.")


class UserFilters(Listing):
    """Which users to list; those that meet all that is given."""

    name: Text = Field("", description="With this in their name.")
    email_id: Text = Field("", description="With this in their email address.")
    role: AnyRole | None = Field(None, description="With this role.")
    status: Status | None = Field(None, description="With this status; left out: not deleted.")


@router.post(
    "/user", auth=ADMIN, summary="Create a user", **declared(answer_of(UserRecord), *BODY, *CANNOT)
)
def create_user(request: CallerRequest, body: NewUser) -> HttpResponse:
    """Adds a user to an enterprise. For BG_ADMIN."""
    caller, at = request.auth, clock.now()
    account = caller.chosen(body.enterprise_sid, ENTERPRISE_ADMIN)
    user = actions.add_member(
        account=account,
        email=body.email_id,
        name=body.name or "",
        password=body.password or None,
        role=body.role,
        status=body.status,
        at=at,
        by=caller.user.email,
    )
    return shown(_shown(_members(account).get(user=user)))


@router.get(
    "/user/search",
    auth=ANY_ROLE,
    summary="List users",
    **declared(page_of(UserRecord), *QUERY, 467),
)
def list_users(request: CallerRequest, filters: Query[UserFilters]) -> HttpResponse:
    """The users of an enterprise; without enterpriseSid those of all that the caller reaches.

    Sorts by name, email, dateCreated.
    """
    rows = _found(request.auth, filters)
    return listed(request, filters.ordered(rows, SORTS), filters, _shown)


@router.get(
    "/user/search/{sid}",
    auth=ANY_ROLE,
    summary="Get a single user",
    **declared(answer_of(UserRecord), 467, 487),
)
def get_user(request: CallerRequest, sid: str, chosen: Query[Chosen]) -> HttpResponse:
    """One user, also a deleted one."""
    found = _one(request.auth, sid, chosen.enterprise_sid)
    data = _shown(found)
    data.enterprise_sid = found.account.sid
    return shown(data)


@router.put(
    "/user/{sid}",
    auth=ADMIN,
    summary="Update a user",
    **declared(answer_of(UserRecord), *BODY, *CANNOT, 487),
)
def change_user(request: CallerRequest, sid: str, body: ChangedUser) -> HttpResponse:
    """Changes what is sent. For BG_ADMIN; a person of several enterprises: for the operator."""
    found = _one(request.auth, sid, body.enterprise_sid, admin=True)
    return shown(_shown(_changed(request.auth, found, body.given())))


@router.delete(
    "/user/{sid}",
    auth=ADMIN,
    summary="Delete a user",
    **declared(answer_of(UserRecord), 467, 487, 505),
)
def delete_user(request: CallerRequest, sid: str, chosen: Query[Chosen]) -> HttpResponse:
    """Gives the user the status DELETED: it cannot sign in, and leaves the default list."""
    found = _one(request.auth, sid, chosen.enterprise_sid, admin=True)
    return shown(_shown(_changed(request.auth, found, {"status": UserStatus.DELETED})))


def _members(account: Account | None = None) -> QuerySet[Membership]:
    rows = Membership.objects.select_related("user", "account")
    return rows if account is None else rows.filter(account=account)


def _found(caller: Caller, filters: UserFilters) -> QuerySet[Membership]:
    wanted = caller.narrowed(filters.enterprise_sid) & filters.made_between("user__created_at")
    if filters.name:
        wanted &= Q(user__name__icontains=filters.name)
    if filters.email_id:
        wanted &= Q(user__email__icontains=filters.email_id)
    if filters.role:
        wanted &= Q(role=filters.role)
    if filters.status:
        return _members().filter(wanted, user__status=filters.status)
    return _members().filter(wanted).exclude(user__status=UserStatus.DELETED)


def _one(caller: Caller, sid: str, enterprise: str | None, *, admin: bool = False) -> Membership:
    """A person in an enterprise: the one named, else where the caller may do most."""
    clean = sid.strip()
    wanted = caller.narrowed(enterprise)
    found = [] if "\0" in clean else list(_members().filter(wanted, user__sid=clean).order_by("pk"))
    if not found:
        raise UserNotFound("There is no such user", sid=clean)
    found.sort(key=lambda each: not caller.may(ENTERPRISE_ADMIN, each.account_id))
    if admin:
        caller.check(ENTERPRISE_ADMIN, found[0].account_id)
    return found[0]


def _changed(caller: Caller, member: Membership, given: dict[str, Any]) -> Membership:
    renamed, before = {"email_id": "email"}, copy(member.user)
    fields = {
        renamed.get(name, name): value
        for name, value in given.items()
        if name not in {"role", "enterprise_sid"}
    }
    if "name" in fields:
        fields["name"] = fields["name"] or ""
    user = actions.edit_member(
        user=member.user,
        account=member.account,
        at=clock.now(),
        role=Role(given["role"]) if "role" in given else None,
        by=caller.user.email,
        is_operator=caller.is_operator,
        **fields,
    )
    changed = _members(member.account).get(user=user)
    role = audit.differences(member, changed, "role")
    audit.note_here(
        account_id=member.account_id,
        subject=changed.user.email,
        changes=audit.differences(before, changed.user) | role,
    )
    return changed


def _shown(member: Membership) -> UserRecord:
    user = member.user
    return UserRecord(
        **first_fields(user, "user"),
        email_id=user.typed_email,
        status=user.status,
        role=member.role or None,
        name=user.name or None,
    )
