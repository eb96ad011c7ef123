"""Whoever writes a transcript holds its messages before their cards, as whoever writes a message.

Without that, a message that was deleted at the same instant left a card, with all of its content,
which nothing deleted ever after; and a note that was written at the same instant was lost, because
both wrote the card.
"""

from __future__ import annotations

from django.db import migrations

_HEAD = """
CREATE OR REPLACE FUNCTION messages_on_transcript() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
"""
_LOCK = """
    PERFORM 1 FROM deskbell_messages_message WHERE recording_id = NEW.id
    ORDER BY id FOR NO KEY UPDATE;
"""
_REST = """
    DELETE FROM deskbell_messages_indexcard
    WHERE message_id IN (SELECT id FROM deskbell_messages_message WHERE recording_id = NEW.id);
    INSERT INTO deskbell_messages_indexcard
    SELECT card.* FROM deskbell_messages_message AS m, LATERAL messages_card(m) AS card
    WHERE m.recording_id = NEW.id;
    RETURN NULL;
END
$$;
"""
# What such deletions have left behind.
_TIDY = """
DELETE FROM deskbell_messages_indexcard AS card WHERE NOT EXISTS (
    SELECT FROM deskbell_messages_message AS message WHERE message.id = card.message_id
);
"""


class Migration(migrations.Migration):
    dependencies = [("deskbell_messages", "0005_index_cards_and_tallies")]

    operations = [migrations.RunSQL(_HEAD + _LOCK + _REST + _TIDY, _HEAD + _REST)]
