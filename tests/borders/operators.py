"""Borders of the operator's pages of accounts, numbers, trunks, people, plans and requests."""

from __future__ import annotations

from tests.borders.rows import OPERATORS_FORM, OPERATORS_PAGE, Row

ACCOUNT = "operator/accounts/<int:account_id>/"
NUMBER = "operator/numbers/<int:number_id>/"
TRUNK = "operator/trunks/<int:trunk_id>/"
PLAN = "operator/plans/<int:plan_id>/"
PERSON = "operator/people/<int:user_id>/"
INVITED = "operator/people/invitations/<int:staff_invitation_id>/"
REQUEST = "operator/requests/<int:request_id>/"
OPERATORS_TRY = Row((302, 403, 403, 403, 403, 422), "post")  # with nothing typed

ROWS: dict[str, Row] = {
    "operator/accounts/": OPERATORS_PAGE,
    "operator/accounts/new/": OPERATORS_TRY,
    ACCOUNT: OPERATORS_PAGE,
    f"{ACCOUNT}edit/": OPERATORS_TRY,
    f"{ACCOUNT}plan/": OPERATORS_TRY,
    f"{ACCOUNT}plan/<int:subscription_id>/take-back/": OPERATORS_FORM,
    "operator/numbers/": OPERATORS_PAGE,
    "operator/numbers/new/": OPERATORS_TRY,
    NUMBER: OPERATORS_TRY,
    f"{NUMBER}move/": OPERATORS_TRY,
    f"{NUMBER}remove/": OPERATORS_FORM,
    "operator/trunks/": OPERATORS_PAGE,
    "operator/trunks/new/": OPERATORS_TRY,
    TRUNK: OPERATORS_PAGE,
    f"{TRUNK}remove/": OPERATORS_FORM,
    "operator/people/": OPERATORS_PAGE,
    "operator/people/invite/": OPERATORS_TRY,
    f"{INVITED}again/": OPERATORS_FORM,
    f"{INVITED}withdraw/": OPERATORS_FORM,
    PERSON: OPERATORS_PAGE,
    f"{PERSON}suspend/": OPERATORS_FORM,
    f"{PERSON}reactivate/": OPERATORS_FORM,
    f"{PERSON}reset-mfa/": OPERATORS_FORM,
    "operator/plans/": OPERATORS_PAGE,
    "operator/plans/new/": OPERATORS_TRY,
    PLAN: OPERATORS_TRY,
    f"{PLAN}withdraw/": OPERATORS_FORM,
    f"{PLAN}remove/": OPERATORS_FORM,
    "operator/requests/": OPERATORS_PAGE,
    REQUEST: OPERATORS_TRY,
    f"{REQUEST}decline/": OPERATORS_FORM,
}
