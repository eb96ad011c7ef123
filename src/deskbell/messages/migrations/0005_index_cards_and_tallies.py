"""What lists are searched and sorted by, and what tabs count, kept beside messages by triggers.

Neither is written by anything else, so whatever writes a message, SQL by hand included, keeps them
right. They are tables of their own because a message's row is written again at each step of its
escalation: an index of words there would be written each time, too.
"""

from __future__ import annotations

import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.operations import (
    BtreeGinExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations, models

# A text as it is compared: small letters without accents, one space between words. What stands
# without spaces (Chinese and Japanese writing, pictures) is set apart, character by character.
_PLAIN = r"""
CREATE FUNCTION messages_plain(value text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN octet_length(value) = length(value) THEN
    btrim(lower(regexp_replace(value, '\s+', ' ', 'g')))
ELSE
    btrim(regexp_replace(regexp_replace(lower(unaccent(normalize(value, NFKC))),
        '([\u2190-\u2BFF\u3040-\u30FF\u3400-\u9FFF\U0001F000-\U0001FAFF])', ' \1 ', 'g'),
        '\s+', ' ', 'g'))
END
$$
"""

# Words of a plain text. A tsvector has room for 1 MB, and one of a long text none for places.
_WORDS = r"""
CREATE FUNCTION messages_words(plain text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN length(plain) < 50000 THEN strip(to_tsvector('simple', plain))
ELSE (
    SELECT coalesce(array_to_tsvector(array_agg(word)), ''::tsvector) FROM (
        SELECT word, sum(octet_length(word) + 1) OVER (ORDER BY word) AS room
        FROM (SELECT DISTINCT btrim(part, '.,;:!?"''()') AS word
              FROM string_to_table(plain, ' ') AS part) AS parts
        WHERE octet_length(word) BETWEEN 1 AND 200
    ) AS distinct_words WHERE room < 1000000
) END
$$
"""

# A query for messages with words that begin as those of a plain text do; none where it has none.
_BEGINNINGS = r"""
CREATE FUNCTION messages_beginnings(plain text) RETURNS tsquery LANGUAGE sql STABLE AS $$
SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''':*', ' & ')
       ::tsquery
FROM unnest(to_tsvector('simple', plain))
$$
"""

# The answers' values; one that PostgreSQL cannot read is kept, and not found.
_ANSWERS = r"""
CREATE FUNCTION messages_answers(answers json) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF answers IS NULL OR answers::text = '{}' OR json_typeof(answers) <> 'object' THEN
        RETURN '';
    END IF;
    IF answers::text !~ '\\u(0000|[dD][89a-fA-F])' THEN
        RETURN (SELECT coalesce(string_agg(value, E'\u0001'), '') FROM json_each_text(answers));
    END IF;
    BEGIN
        RETURN (SELECT coalesce(string_agg(value, E'\u0001'), '') FROM json_each_text(answers));
    EXCEPTION WHEN data_exception THEN
        RETURN '';
    END;
END
$$
"""

_CARD = r"""
CREATE FUNCTION messages_card(m deskbell_messages_message) RETURNS deskbell_messages_indexcard
LANGUAGE plpgsql STABLE AS $$
DECLARE
    card deskbell_messages_indexcard;
BEGIN
    card.message_id := m.id;
    card.account_id := m.account_id;
    card.created_at := m.created_at;
    card.sender := messages_plain(coalesce(nullif(btrim(m.first_name || ' ' || m.last_name), ''),
                                           nullif(m.phone, ''), m.caller_id));
    card.phone := m.phone;
    card.company := messages_plain(m.company_name);
    card.opening := messages_plain(left(m.content, 80));
    card.text := messages_plain(concat_ws(E'\u0001',
        m.first_name || ' ' || m.last_name, m.company_name, m.phone, m.alt_phone, m.caller_id,
        regexp_replace(m.phone || ' ' || m.alt_phone || ' ' || m.caller_id, '[^0-9 ]', '', 'g'),
        m.email, concat_ws(' ', nullif(m.address, ''), nullif(m.address2, ''), nullif(m.city, ''),
                           nullif(m.state, ''), nullif(m.zip, '')),
        m.content, messages_answers(m.answers), m.note));
    card.words := messages_words(card.text);
    RETURN card;
END
$$
"""

# How a message counts: 1 in the tab of new ones, 2 of acknowledged ones, 3 in none. As
# `queries.wanted.TABS`.
_TAB = """
CREATE FUNCTION messages_tab(status text, origin text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
SELECT CASE
    WHEN origin = 'self-test' AND status IN ('acknowledged', 'exhausted') THEN 3
    WHEN status = 'acknowledged' THEN 2
    ELSE 1
END
$$
"""

_TRIGGERS = """
CREATE FUNCTION messages_tallied(account bigint, was int, is_now int) RETURNS void LANGUAGE sql AS $$
INSERT INTO deskbell_messages_tally (account_id, new, acknowledged, other)
VALUES (account, (is_now = 1)::int - (was = 1)::int, (is_now = 2)::int - (was = 2)::int,
        (is_now = 3)::int - (was = 3)::int)
$$;

CREATE FUNCTION messages_on_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deskbell_messages_indexcard SELECT card.* FROM messages_card(NEW) AS card;
    PERFORM messages_tallied(NEW.account_id, 0, messages_tab(NEW.status, NEW.origin));
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_on_insert AFTER INSERT ON deskbell_messages_message
FOR EACH ROW EXECUTE FUNCTION messages_on_insert();

CREATE FUNCTION messages_on_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM deskbell_messages_indexcard WHERE message_id = NEW.id;
    INSERT INTO deskbell_messages_indexcard SELECT card.* FROM messages_card(NEW) AS card;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_on_content
AFTER UPDATE OF created_at, first_name, last_name, company_name, phone, alt_phone, caller_id, email,
    address, address2, city, state, zip, content, answers, note
ON deskbell_messages_message FOR EACH ROW
WHEN ((OLD.created_at, OLD.first_name, OLD.last_name, OLD.company_name, OLD.phone, OLD.alt_phone,
       OLD.caller_id, OLD.email, OLD.address, OLD.address2, OLD.city, OLD.state, OLD.zip,
       OLD.content, OLD.answers::text, OLD.note)
      IS DISTINCT FROM
      (NEW.created_at, NEW.first_name, NEW.last_name, NEW.company_name, NEW.phone, NEW.alt_phone,
       NEW.caller_id, NEW.email, NEW.address, NEW.address2, NEW.city, NEW.state, NEW.zip,
       NEW.content, NEW.answers::text, NEW.note))
EXECUTE FUNCTION messages_on_content();

CREATE FUNCTION messages_on_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM messages_tallied(NEW.account_id, messages_tab(OLD.status, OLD.origin),
                             messages_tab(NEW.status, NEW.origin));
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_on_status AFTER UPDATE OF status, origin ON deskbell_messages_message
FOR EACH ROW WHEN (messages_tab(OLD.status, OLD.origin) <> messages_tab(NEW.status, NEW.origin))
EXECUTE FUNCTION messages_on_status();

CREATE FUNCTION messages_on_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM deskbell_messages_indexcard WHERE message_id = OLD.id;
    PERFORM messages_tallied(OLD.account_id, messages_tab(OLD.status, OLD.origin), 0);
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_on_delete AFTER DELETE ON deskbell_messages_message
FOR EACH ROW EXECUTE FUNCTION messages_on_delete();
"""

_FILL = """
INSERT INTO deskbell_messages_indexcard
SELECT card.* FROM deskbell_messages_message AS m, LATERAL messages_card(m) AS card;
INSERT INTO deskbell_messages_tally (account_id, new, acknowledged, other)
SELECT account_id, count(*) FILTER (WHERE messages_tab(status, origin) = 1),
       count(*) FILTER (WHERE messages_tab(status, origin) = 2),
       count(*) FILTER (WHERE messages_tab(status, origin) = 3)
FROM deskbell_messages_message GROUP BY account_id;
"""

_UNDO = """
DROP TRIGGER messages_on_delete ON deskbell_messages_message;
DROP TRIGGER messages_on_status ON deskbell_messages_message;
DROP TRIGGER messages_on_content ON deskbell_messages_message;
DROP TRIGGER messages_on_insert ON deskbell_messages_message;
DROP FUNCTION messages_on_delete, messages_on_status, messages_on_content,
    messages_on_insert, messages_tallied, messages_tab, messages_card, messages_answers,
    messages_beginnings, messages_words, messages_plain;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deskbell_messages", "0004_notes_and_undo_are_told"),
    ]

    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="IndexCard",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="deskbell_messages.message",
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("sender", models.TextField(help_text="The name, else the number")),
                ("phone", models.TextField()),
                ("company", models.TextField()),
                ("opening", models.TextField(help_text="How the content begins")),
                ("text", models.TextField(help_text="All that is searched")),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField(db_index=True)),
                ("new", models.IntegerField()),
                ("acknowledged", models.IntegerField()),
                ("other", models.IntegerField(help_text="Self-tests that are over")),
            ],
            options={"verbose_name_plural": "tallies"},
        ),
        migrations.RunSQL(
            _PLAIN
            + ";"
            + _WORDS
            + ";"
            + _BEGINNINGS
            + ";"
            + _ANSWERS
            + ";"
            + _CARD
            + ";"
            + _TAB
            + ";"
            + _TRIGGERS
            + _FILL,
            _UNDO,
        ),
        *(
            migrations.AddIndex(model_name="indexcard", index=index)
            for index in (
                models.Index(fields=["account_id", "sender", "message"], name="cards_by_sender"),
                models.Index(fields=["account_id", "phone", "message"], name="cards_by_phone"),
                models.Index(fields=["account_id", "company", "message"], name="cards_by_company"),
                models.Index(fields=["account_id", "opening", "message"], name="cards_by_opening"),
                GinIndex(fields=["account_id", "words"], name="cards_words"),
                GinIndex(
                    fields=["account_id", "text"],
                    opclasses=["int8_ops", "gin_trgm_ops"],
                    name="cards_parts",
                ),
            )
        ),
        migrations.RemoveIndex(model_name="message", name="messages_by_status"),
        *(
            migrations.AddIndex(model_name="message", index=index)
            for index in (
                models.Index(
                    fields=["account", "status", "-created_at", "-id"], name="messages_by_status"
                ),
                models.Index(
                    condition=models.Q(("status", "acknowledged"), _negated=True),
                    fields=["account", "-created_at", "-id"],
                    name="messages_open",
                ),
                models.Index(
                    condition=models.Q(("is_emergency", True)),
                    fields=["account", "-created_at", "-id"],
                    name="messages_emergencies",
                ),
                BrinIndex(
                    autosummarize=True,
                    fields=["updated_at"],
                    name="messages_changed",
                    pages_per_range=16,
                ),
            )
        ),
    ]
