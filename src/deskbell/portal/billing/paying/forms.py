"""The form of Pay Your Bill. Numbers that are typed go from here to the provider and nowhere else:
a form that is shown again has them empty. Source: seed 000, "Pay Your Bill".
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict

from deskbell.billing.models import Method
from deskbell.billing.providers import BankNumbers, CardNumbers, Means, Provider
from deskbell.billing.rules import dollars_of
from deskbell.billing.rules.amounts import checked_amount
from deskbell.billing.rules.banks import checked_account, checked_routing
from deskbell.billing.rules.cards import checked_card, checked_cvv, checked_expiry
from deskbell.foundation.errors import InvalidInput, MissingInput
from deskbell.foundation.text import checked_text

from ...attendant.forms import PartForm

METHODS: Final = {
    Method.ACH: "Bank Account/ACH (No convenience fee)",
    Method.CARD: "Credit Card (1.5% convenience fee)",
}
_STATES: Final = """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM
    NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP
"""
AGREE_FIRST: Final = "Read the terms and conditions, and agree to them to pay."
_NUMBERS: Final = (
    "routing_number",
    "account_number",
    "account_again",
    "card_number",
    "expiry",
    "cvv",
)
_MOST_NAME, _MOST_LINE, _MOST_DIGITS = 100, 120, 40


class _Forgetful(forms.TextInput):
    """A field whose value is never sent back to the browser."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ARG002 that is its point
        return super().get_context(name, None, attrs)


def _number(label: str, autocomplete: str, help_text: str = "", **attrs: str) -> forms.CharField:
    shown = {"inputmode": "numeric", "autocomplete": autocomplete, "spellcheck": "false", **attrs}
    return forms.CharField(
        label=label,
        required=False,
        max_length=_MOST_DIGITS,
        help_text=help_text,
        widget=_Forgetful(attrs=shown),
        error_messages={"max_length": "That is too long; look at each digit."},
    )


def _line(label: str, autocomplete: str, most: int = _MOST_LINE) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


class PayForm(PartForm[Any]):
    """How much, by which means, and the agreement; the method that is chosen decides what else is
    read. `means` are set once it is valid."""

    amount = forms.CharField(
        label="Amount, in dollars",
        required=False,
        max_length=40,
        help_text="More than is due stands as credit.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    method = forms.ChoiceField(
        label="How would you like to make your payment",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of them."),
    )
    token = forms.CharField(required=False, max_length=255)
    holder_name = _line("Name on the account", "name", _MOST_NAME)
    routing_number = _number("Bank Routing Number", "off", "9 digits, at the left of a check.")
    account_number = _number("Bank Account Number", "off")
    account_again = _number("Re-enter Bank Account Number", "off")
    automatic = forms.BooleanField(
        label="Sign up for automatic monthly payment via Bank Account/ACH",
        required=False,
        help_text="What is due is taken on the due day of each statement, until you end it here.",
    )
    card_name = _line("Name on the Card", "cc-name", _MOST_NAME)
    card_number = _number("Credit Card Number", "cc-number")
    expiry = _number("Expiration Date (MM/YY)", "cc-exp", placeholder="MM/YY")
    cvv = _number(
        "CVV",
        "cc-csc",
        "3 digits on the back of Visa, MasterCard and Discover, 4 on the front of American"
        " Express.",
    )
    address = _line("Address", "billing street-address")
    city = _line("City", "billing address-level2")
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Choose"), *((each, each) for each in _STATES.split())],
        widget=forms.Select(attrs={"autocomplete": "billing address-level1"}),
        error_messages={"invalid_choice": "Choose a state, as MA."},
    )
    zip_code = _line("Zip Code", "billing postal-code", 10)
    agree = forms.BooleanField(required=True, error_messages={"required": AGREE_FIRST})

    def __init__(
        self, data: QueryDict | None, *, provider: Provider, due_cents: int, today: date
    ) -> None:
        """What is due is offered as the amount; `today` decides which cards have expired."""
        super().__init__(data)
        self._provider, self._today = provider, today
        self.means: Means | None = None
        offered = [each for each in METHODS if each in provider.methods]
        asked = self.fields["method"]
        assert isinstance(asked, forms.ChoiceField)  # noqa: S101 as it is declared above
        asked.choices = [(str(each), METHODS[each]) for each in offered]
        self.initial = {"method": str(offered[0])}
        if due_cents:
            self.initial["amount"] = dollars_of(due_cents)
        self._has_numbers = provider.own_fields is None
        if not self._has_numbers:
            for name in _NUMBERS:
                self.fields.pop(name)

    def clean(self) -> dict[str, Any]:
        """Reads the amount, and the means where nothing else is wrong. Asks the provider."""
        given = super().clean() or self.cleaned_data
        self._try(self._read_amount)
        method = given.get("method")
        if method and "agree" in given:
            self._try(self._read_numbers if self._has_numbers else self._read_own)
        elif method and self._has_numbers:
            self._try(self._numbers)
        if method == Method.CARD:
            given["automatic"] = False
        return given

    def _try(self, read: Any) -> None:
        try:
            read()
        except InvalidInput as error:
            self.refuse(error)

    def _read_amount(self) -> None:
        self.cleaned_data["cents"] = checked_amount(self.cleaned_data.get("amount", ""))

    def _read_own(self) -> None:
        token = self.cleaned_data.get("token", "")
        if not token:
            raise MissingInput("The payment's details are missing; type them once more")
        self.means = self._provider.look(token, Method(self.cleaned_data["method"]))

    def _read_numbers(self) -> None:
        numbers = self._numbers()
        if numbers is not None and not self.errors:
            self.means = self._provider.keep(numbers)

    def _numbers(self) -> BankNumbers | CardNumbers | None:
        """The numbers that were typed; None where some are wrong, which is said beside each."""
        is_card = self.cleaned_data["method"] == Method.CARD
        return self._card() if is_card else self._bank()

    def _bank(self) -> BankNumbers | None:
        given = self.cleaned_data
        holder = self._needed("holder_name", "Type whose account it is, as the bank knows them")
        routing = self._checked(lambda: checked_routing(given.get("routing_number", "")))
        account = self._checked(
            lambda: checked_account(given.get("account_number", ""), given.get("account_again", ""))
        )
        if holder and routing and account:
            return BankNumbers(holder, routing, account)
        return None

    def _card(self) -> CardNumbers | None:
        given = self.cleaned_data
        lines = {
            name: self._needed(name, words)
            for name, words in (
                ("card_name", "Type the name as it stands on the card"),
                ("address", "Type the billing address: street and number"),
                ("city", "Type the city of the billing address"),
                ("state", "Choose the state of the billing address"),
            )
        }
        zip_code = self._checked(self._zip)
        number = self._checked(lambda: checked_card(given.get("card_number", "")))
        expiry = self._checked(lambda: checked_expiry(given.get("expiry", ""), today=self._today))
        cvv = self._needed("cvv", "Type the card's CVV")
        if number and cvv:
            cvv = self._checked(lambda: checked_cvv(cvv, number))
        if not (all(lines.values()) and zip_code and number and expiry and cvv):
            return None
        return CardNumbers(
            holder=lines["card_name"],
            number=number,
            month=expiry[0],
            year=expiry[1],
            cvv=cvv,
            address=lines["address"],
            city=lines["city"],
            state=lines["state"],
            zip_code=zip_code,
        )

    def _zip(self) -> str:
        typed = str(self.cleaned_data.get("zip_code", "")).strip()
        digits = typed.replace("-", "")
        if not typed:
            raise MissingInput("Type the zip code of the billing address", field="zip_code")
        if not (digits.isascii() and digits.isdigit() and len(digits) in {5, 9}):
            raise InvalidInput("A zip code has 5 digits, or 9 as 01201-1234", field="zip_code")
        return typed

    def _needed(self, name: str, words: str) -> str:
        def read() -> str:
            typed = str(self.cleaned_data.get(name, "")).strip()
            if not typed:
                raise MissingInput(words, field=name)
            return checked_text(typed, field=name, most=_MOST_LINE)

        return "" if self.has_error(name) else self._checked(read) or ""

    def _checked(self, read: Any) -> Any:
        """What `read` gives; None where it refuses, which is said beside its field."""
        try:
            return read()
        except InvalidInput as error:
            if not self.has_error(error.field):
                self.refuse(error)
            return None
