"""Makes the parcel of a delivery from its rows."""

from __future__ import annotations

from datetime import datetime

from deskbell.messages.models import MessageStatus

from .links import acknowledge_url, message_url
from .models import Delivery
from .transport import Parcel

# What `parcel_of` reads beside the delivery, so that it takes no query of its own.
RELATED = ("method", "message__account", "message__recording", "message__did")


def parcel_of(delivery: Delivery, *, sent_at: datetime) -> Parcel:
    """The parcel for a try at `sent_at`; the delivery comes with `RELATED` selected."""
    message, method = delivery.message, delivery.method
    account, number = message.account, message.did
    return Parcel(
        idempotency_key=str(delivery.idempotency_key),
        address=delivery.address,
        contact_name=delivery.contact_name,
        account_name=account.name,
        account_number=account.number,
        time_zone=account.time_zone,
        country=account.country,
        message_id=message.pk,
        message_uuid=str(message.uuid),
        taken_at=message.created_at,
        caller_name=f"{message.first_name} {message.last_name}".strip(),
        caller_number=message.phone or message.caller_id,
        called_number=number.number if number else message.phone_number,
        company_name=message.company_name,
        content=message.content,
        level_name=delivery.level_name,
        attempt=delivery.attempt,
        sent_at=sent_at,
        message_url=message_url(message.pk),
        acknowledge_url=acknowledge_url(delivery),
        answers={str(name): str(value) for name, value in message.answers.items()},
        is_emergency=message.is_emergency,
        recording_seconds=message.recording.seconds if message.recording else None,
        secret=method.secret if method else "",
        phone_type=method.phone_type if method else "",
        instructions=method.instructions if method else "",
        account_id=delivery.account_id,
        delivery_id=delivery.pk,
        code=delivery.code,
        sender=delivery.sender,
        forwarded_by=delivery.forwarded_by,
        words=delivery.words,
        acknowledged_by=_acknowledged_by(delivery),
        by_receptionist=delivery.by_receptionist,
    )


def _acknowledged_by(delivery: Delivery) -> str:
    """Only what was forwarded goes out for a message that somebody has already."""
    is_over = delivery.message.status == MessageStatus.ACKNOWLEDGED
    return delivery.message.acknowledged_by or "somebody" if is_over and delivery.is_forward else ""
