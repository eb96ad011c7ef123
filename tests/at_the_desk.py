"""A desk in a database, where telephony adds nothing: a receptionist, a script, callers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.actions import begin
from deskbell.calls.models import Call
from deskbell.desk import actions as desk
from deskbell.desk.actions.staffing import add_receptionist
from deskbell.desk.models import DeskCall, Offer, OfferState, Receptionist
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.scripts import actions as scripts
from deskbell.scripts.models import Script
from deskbell.scripts.rules import Case, Closing, Content, Faq, Kind, Relay, Step

CALLER = "+12125550177"
PHONE = "+12125550188"
SCRIPT = Content(
    greeting="{Time_of_day}, {company}, this is {receptionist} speaking. How can I help you?",
    steps=(
        Step("first_name", Kind.TEXT, "First name", "May I have your first name?", "first_name"),
        Step("last_name", Kind.TEXT, "Last name", "And your last name?", "last_name"),
        Step("phone", Kind.PHONE, "Phone", "Where can you be reached?", "phone"),
        Step(
            "reason",
            Kind.CHOICE,
            "Reason",
            "What is it about?",
            is_required=True,
            options=("An appointment", "Pain"),
        ),
        Step("turn", Kind.BRANCH, on="reason", cases=(Case(("An appointment",), "content"),)),
        Step("tooth", Kind.TEXT, "Which tooth", "Which tooth hurts?"),
        Step("content", Kind.LONG_TEXT, "Message", "What may I tell them?", "content"),
    ),
    closings=(Closing("taken", "Message taken", "Thank you. I will pass that on. Goodbye."),),
    relays=(Relay("reason", ("Pain",), is_emergency=True),),
    faqs=(
        Faq("Where can I park?", "Behind the house, by the green gate."),
        Faq("Do you take children?", "From the age of three."),
    ),
)


@dataclass
class Desk:
    """A receptionist and the account whose calls come in."""

    account: Account
    number: PhoneNumber
    receptionist: Receptionist

    def ring(self, caller_id: str = CALLER, name: str = "Ines Vogel") -> DeskCall:
        """A caller comes, and everybody who is available is rung."""
        desk_call = self.join(caller_id, name)
        desk.distribute(now())
        return desk_call

    def join(self, caller_id: str = CALLER, name: str = "Ines Vogel") -> DeskCall:
        """A caller comes, and waits."""
        with account_scope(self.account.pk):
            call = self.begin(caller_id, name)
            return desk.join_queue(call=call, way="gateway", at=now())

    def begin(self, caller_id: str = CALLER, name: str = "Ines Vogel") -> Call:
        """A caller at the attendant."""
        return begin(
            account_id=self.account.pk,
            sid=new_sid("CA"),
            number=self.number,
            caller_id=caller_id,
            caller_name=name,
            dialled=self.number.number,
            at=now(),
        )

    def pick_up(self) -> DeskCall:
        """The receptionist's telephone is picked up."""
        with system_scope("a test's telephone"):
            offer = Offer.objects.get(receptionist=self.receptionist, state=OfferState.RINGING)
        with account_scope(self.account.pk):
            taken = desk.take_offer(offer_id=offer.pk, at=now())
        assert taken is not None
        return taken

    def leave(self, desk_call: DeskCall) -> None:
        """The caller hangs up."""
        with account_scope(self.account.pk):
            desk.caller_gone(call_sid=desk_call.call_sid, who="caller", at=now())

    def answer(self, **details: str) -> DeskCall:
        """A caller comes, and is in the receptionist's hands."""
        self.available()
        self.ring(**details)
        return self.pick_up()

    def available(self) -> None:
        """The receptionist goes available."""
        desk.go_available(receptionist=self.receptionist, at=now())


def open_desk(account: Account, number: PhoneNumber, user: User) -> Desk:
    """Gives a person a desk, where they have none."""
    with system_scope("a test's desk"):
        found = Receptionist.objects.filter(user=user).first()
        receptionist = found or add_receptionist(user=user, phone=PHONE, skills=[], at=now())
    return Desk(account, number, receptionist)


def give_script(account: Account, number: PhoneNumber, content: Content = SCRIPT) -> Script:
    """Publishes a script on a number."""
    with account_scope(account.pk):
        made = scripts.add_script(
            account_id=account.pk, name="Front desk", by="olivia", at=now(), content=content
        )
        scripts.publish(script=made, known_levels=set(), by="olivia", at=now())
        scripts.use_script(number=number, script=made, at=now())
    return made


def change_script(script: Script, content: Content) -> None:
    """Publishes something else."""
    with account_scope(script.account_id):
        script.refresh_from_db()
        scripts.edit_draft(
            script=script, content=content, revision=script.revision, by="olivia", at=now()
        )
        script.refresh_from_db()
        scripts.publish(script=script, known_levels=set(), by="olivia", at=now())


def without_tooth() -> Content:
    """The script with a step less."""
    return replace(SCRIPT, steps=tuple(each for each in SCRIPT.steps if each.key != "tooth"))


__all__ = [
    "CALLER",
    "SCRIPT",
    "Desk",
    "change_script",
    "give_script",
    "open_desk",
    "without_tooth",
]
