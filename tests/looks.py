"""Every page there is, who looks at it, and what they do there first, for what examines pages.

A new page is a line in `Demo.looks`; what stands in it only after a step is a line with that step.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page, expect

from deskbell.foundation.clock import now
from deskbell.speech import write_wav
from tests.browser import sign_in


@dataclass(frozen=True, slots=True)
class Look:
    """A page to be examined: who looks, where, and what they do there first."""

    path: str
    prepare: Callable[[Page], object] = Page.title
    person: str = ""


def open_first(tab: Page) -> None:
    """Opens the first message beside the list."""
    tab.locator("a.open").first.click()
    expect(tab.get_by_role("complementary", name="Message")).to_be_visible()


def tick_first(tab: Page) -> None:
    """Ticks a message, so that the bulk bar has its button."""
    tab.locator("[data-tick]").first.check()


def open_forwarding(tab: Page) -> None:
    """Opens the form that forwards a message, and sends it empty."""
    open_first(tab)
    tab.get_by_role("link", name="Forward").click()
    expect(tab.get_by_label("What you say with it")).to_be_visible()
    tab.locator("#forward-send").click()
    expect(tab.get_by_text("Choose at least one way")).to_be_visible()


def write_notes(tab: Page) -> None:
    """Adds a long note, asks to remove it, and tries to add an empty one."""
    tab.get_by_label("New note").fill("Called her, and she comes at four. " * 60)
    for words in ("The note is added", "Write something"):
        tab.get_by_role("button", name="Add note").click()
        expect(tab.get_by_text(words).first).to_be_visible()
    tab.locator(".note-remove summary").first.click()


def acknowledge_first(tab: Page) -> None:
    """Acknowledges a message in the list, so that the notice shows."""
    tab.get_by_role("button", name="Acknowledge message").first.click()
    expect(tab.get_by_role("status").first).to_contain_text("is acknowledged")


def open_filters(tab: Page) -> None:
    """Opens the filters of the messages."""
    tab.locator("summary", has_text="Filters").click()
    expect(tab.get_by_label("Only emergencies")).to_be_visible()


def keep_search(tab: Page) -> None:
    """Saves a search, and tries to save another without a name."""
    tab.locator("summary", has_text="Saved").click()
    tab.get_by_label("Save what is shown now as").fill(f"Seen at {now():%H:%M:%S.%f}")
    for words in ("is saved as", "Give the search a name"):
        tab.locator("#save-search").get_by_role("button", name="Save").click()
        expect(tab.get_by_text(words).first).to_be_visible()


def open_first_row(tab: Page) -> None:
    """Opens what the first row of an attendant's list is about."""
    tab.locator("a.row-open").first.click()
    expect(tab.locator(".crumb")).to_be_visible()


def save_nothing(tab: Page) -> None:
    """Sends an empty form, so that errors stand beside fields."""
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.locator(".field-says").first).to_be_visible()


def open_script(tab: Page) -> None:
    """Opens the editor of the first script, as staff do."""
    tab.locator(".all-scripts a.row-open").first.click()
    expect(tab.locator("#script-editor")).to_be_visible()


def open_script_part(part: str) -> Callable[[Page], None]:
    """What opens one part of the first script in the editor's panel, and saves it."""

    def opened(tab: Page) -> None:
        open_script(tab)
        tab.locator(f"#add-{part}").click()
        tab.locator("#panel").get_by_role("button", name="Save to draft").click()
        expect(tab.locator("#panel .field-says p").first).to_be_visible()

    opened.__name__ = f"open_{part}"
    return opened


def edit_branch(tab: Page) -> None:
    """Opens a branch's form, or a new one where the script has none."""
    open_script(tab)
    tab.locator("#add-steps").click()
    tab.locator("#panel").get_by_label("Kind").select_option("branch")
    tab.locator("#panel").get_by_label("Which answer decides").select_option(index=1)


def publish_script(tab: Page) -> None:
    """Opens the dialog that publishes the first script."""
    open_script(tab)
    tab.get_by_role("link", name="Publish").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def try_script(tab: Page) -> None:
    """Sends an empty form in the preview."""
    open_script(tab)
    tab.get_by_role("link", name="Preview").click()
    tab.get_by_role("button", name="Try to send").click()
    expect(tab.locator(".script-sent, .form-alert").first).to_be_visible()


def open_publication(tab: Page) -> None:
    """Opens the newest publication of the first script."""
    open_script(tab)
    tab.get_by_role("link", name="Publications").click()
    tab.locator("a.row-open").first.click()
    expect(tab.locator(".script-reading")).to_be_visible()


def open_first_level(tab: Page) -> None:
    """Opens the first escalation level."""
    tab.locator("a.level-name").first.click()
    expect(tab.locator(".crumb")).to_be_visible()


def clone_first_level(tab: Page) -> None:
    """Opens the dialog that clones a level."""
    open_first_level(tab)
    tab.get_by_role("link", name="Clone").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def save_empty(tab: Page) -> None:
    """Sends an empty form of on call, so that errors stand beside fields."""
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def make_nothing(tab: Page) -> None:
    """Sends an empty form of a webhook, so that errors stand beside fields."""
    tab.get_by_role("button", name="Make it").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def give_nobody(tab: Page) -> None:
    """Sends the form of a new receptionist empty, so that an error stands beside its field."""
    tab.get_by_role("button", name="Give them a desk").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def block_nobody(tab: Page) -> None:
    """Sends the form of a blocked caller empty, so that an error stands beside its field."""
    tab.get_by_role("button", name="Block", exact=True).click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def send_unfinished(tab: Page) -> None:
    """Sends the form of a call with nothing in it, so that the faults stand beside its fields."""
    tab.locator("[data-script-send]").click()
    expect(tab.locator(".script-fault").first).to_be_visible()


def open_transfer(tab: Page) -> None:
    """Opens the dialog that passes a call on, and sends it empty."""
    tab.get_by_role("link", name="Transfer").click()
    tab.get_by_role("button", name="Speak with them first").click()
    expect(tab.get_by_role("alert").filter(has_text="Choose somebody")).to_be_visible()


def open_keys(tab: Page) -> None:
    """Opens the desk's list of keys."""
    tab.keyboard.press("Alt+k")
    expect(tab.get_by_role("dialog", name="Keys")).to_be_visible()


def send_code(tab: Page) -> None:
    """Adds an email to the first contact and has a code sent there, so that its field shows."""
    open_first_row(tab)
    tab.get_by_role("link", name="Email", exact=True).click()
    tab.get_by_label("Email address").fill(f"{now():%H%M%S%f}@example.com")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("button", name="Send a code").first.click()
    expect(tab.get_by_label("Code that arrived").first).to_be_visible()


def open_steps(tab: Page) -> None:
    """Opens the dialog with a feed's link and the steps."""
    tab.get_by_role("link", name="How to use").first.click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def describe_first(tab: Page) -> None:
    """Changes the first system, so that the draft's bar shows."""
    open_first_row(tab)
    tab.get_by_label("Description").fill(f"Seen at {now():%H:%M:%S.%f}")
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.get_by_role("region", name="Draft")).to_be_visible()


def open_delete(tab: Page) -> None:
    """Opens the dialog that says what goes with a system."""
    open_first_row(tab)
    tab.get_by_role("link", name="Delete").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def publish_draft(tab: Page) -> None:
    """Publishes the draft through its dialog, and shows the history."""
    tab.get_by_role("link", name="Publish").click()
    tab.get_by_label("Note").fill("For the summer")
    tab.get_by_role("button", name="Publish").click()
    expect(tab.get_by_role("heading", name="History")).to_be_visible()


def press_a_key(tab: Page) -> None:
    """Has a free key of the first menu lead to nothing yet, and waits for the live check."""
    open_first_row(tab)
    tab.get_by_role("link", name=re.compile("^7")).click()
    tab.get_by_role("group", name="Key 7").locator("select").first.select_option("VOICEMAIL")
    expect(tab.get_by_role("link", name=re.compile("^7 Take a message"))).to_be_visible()


def upload_hum(tab: Page) -> None:
    """Uploads a sound, so that its picture and player show."""
    tab.get_by_text("Play a sound file").click()
    hum = write_wav((b"\x00\x10" * 20 + b"\x00\xf0" * 20) * 200)
    file: FilePayload = {"name": "hum.wav", "mimeType": "audio/wav", "buffer": hum}
    tab.get_by_label("Sound file", exact=True).set_input_files([file])
    expect(tab.get_by_role("button", name="Play what was uploaded")).to_be_visible()


def open_box(tab: Page) -> None:
    """Opens the panel about a menu; in the list, where the picture is too wide."""
    links = tab.locator("[data-flow]:visible")
    links.nth(min(4, links.count() - 1)).click()
    expect(tab.locator(".part-head")).to_be_visible()


def unfold_hours(tab: Page) -> None:
    """Shows the week as a table, and adds a row."""
    tab.locator("summary", has_text="Hours as a table").click()
    tab.get_by_role("button", name="Add hours").click()


def ask_for_emergency(tab: Page) -> None:
    """Opens the emergency switch's dialog."""
    tab.get_by_role("link", name="Emergency").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def open_drop(tab: Page) -> None:
    """Opens the first menu at the top right."""
    tab.locator("details[data-drop] summary").first.click()


def open_event(tab: Page) -> None:
    """Opens the panel of an event."""
    tab.locator("a.block[data-event]").first.click()
    expect(tab.locator("#panel .panel-title")).to_be_visible()


def delete_event(tab: Page) -> None:
    """Opens the dialog that asks which instances of an event are deleted."""
    open_event(tab)
    tab.locator("#panel").get_by_role("link", name="Delete").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def start_event(tab: Page) -> None:
    """Opens the panel of a new event and sets a rule."""
    tab.get_by_role("link", name="New Event", exact=True).click()
    tab.get_by_label("Repeats").select_option("monthly")
    tab.get_by_label("on weekdays of the month").check()


def fail_to_sign_in(tab: Page) -> None:
    """Tries a wrong password."""
    sign_in(tab, password="wrong")
    expect(tab.get_by_role("alert")).to_be_visible()


def acknowledge_there(tab: Page) -> None:
    """Acknowledges on the page of an email's link."""
    tab.get_by_role("button", name="Acknowledge").click()
    expect(tab.get_by_role("status")).to_contain_text("Nobody else is called")


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo, filled, with a link and a mail to look at."""

    link: str
    mail: str
    recorded: int

    def looks(self) -> list[Look]:
        """Every page there is, and what it looks like while somebody works with it."""
        return [
            Look("/sign-in/"),
            Look("/sign-in/", fail_to_sign_in),
            Look("/password/"),
            Look("/password/sent/"),
            Look("/", person="alice"),
            Look("/", open_drop, person="alice"),
            Look("/", open_drop, person="olivia"),
            Look("/messages/", person="alice"),
            Look("/messages/", tick_first, person="alice"),
            Look("/messages/", open_first, person="alice"),
            Look("/messages/", open_forwarding, person="alice"),
            Look(f"/messages/{self.recorded}/", write_notes, person="alice"),
            Look(f"/messages/{self.recorded}/forward/", person="alice"),
            Look("/webhooks/", person="alice"),
            Look("/webhooks/", open_first_row, person="alice"),
            Look("/webhooks/new/", make_nothing, person="alice"),
            Look("/callers/", person="alice"),
            Look("/desk/", person="rita"),
            Look("/desk/", send_unfinished, person="rita"),
            Look("/desk/", open_transfer, person="rita"),
            Look("/desk/", open_keys, person="rita"),
            Look("/desk/keys/", person="rita"),
            Look("/desk/call-out/", person="rita"),
            Look("/desk/floor/", person="olivia"),
            Look("/desk/floor/?q=zebra", person="olivia"),
            Look("/desk/receptionists/", person="olivia"),
            Look("/desk/receptionists/", open_first_row, person="olivia"),
            Look("/desk/receptionists/new/", give_nobody, person="olivia"),
            Look("/desk/skills/", person="olivia"),
            Look("/desk/skills/", open_first_row, person="olivia"),
            Look("/desk/answering/", person="olivia"),
            Look("/desk/answering/", open_first_row, person="olivia"),
            Look("/callers/", open_first_row, person="alice"),
            Look("/callers/new/", block_nobody, person="alice"),
            Look("/recordings/", person="alice"),
            Look("/recordings/?q=zebra&from_date=x", person="alice"),
            Look("/recordings/", open_first_row, person="alice"),
            Look(f"/messages/{self.recorded}/", person="alice"),
            Look("/messages/", acknowledge_first, person="alice"),
            Look("/messages/?tab=acknowledged", person="alice"),
            Look("/messages/?q=zebra", person="alice"),
            Look("/messages/?emergency=yes&from_date=2026-01-01", open_filters, person="alice"),
            Look("/messages/?from_date=never&number=9", person="alice"),
            Look("/messages/?emergency=yes", keep_search, person="alice"),
            Look("/messages/activities/", person="alice"),
            Look("/account/retention/", person="alice"),
            Look("/oncall/", person="alice"),
            Look("/oncall/?view=week", open_event, person="alice"),
            Look("/oncall/?view=week", delete_event, person="alice"),
            Look("/oncall/?view=day", person="alice"),
            Look("/oncall/?view=timeline", person="alice"),
            Look("/oncall/", start_event, person="alice"),
            Look("/oncall/covers/", person="alice"),
            Look("/oncall/covers/new/", person="alice"),
            Look("/oncall/contacts/", person="alice"),
            Look("/oncall/contacts/?q=zebra", person="alice"),
            Look("/oncall/contacts/", send_code, person="alice"),
            Look("/oncall/contacts/new/", save_empty, person="alice"),
            Look("/oncall/contacts/merge/", person="alice"),
            Look("/oncall/levels/", person="alice"),
            Look("/oncall/levels/", open_first_level, person="alice"),
            Look("/oncall/levels/", clone_first_level, person="alice"),
            Look("/oncall/levels/new/", save_empty, person="alice"),
            Look("/oncall/levels/defaults/", person="alice"),
            Look("/oncall/plan/", person="alice"),
            Look("/oncall/plan/what-if/", person="alice"),
            Look("/oncall/plan/what-if/?date=never", person="alice"),
            Look("/oncall/feeds/", person="alice"),
            Look("/oncall/feeds/", open_steps, person="alice"),
            Look("/oncall/feeds/import/", person="alice"),
            Look(f"/messages/{self.recorded}/proof/", person="alice"),
            Look("/to-dos/", person="alice"),
            Look("/to-dos/", open_first_row, person="alice"),
            Look("/to-dos/", open_delete, person="alice"),
            Look("/to-dos/?q=zebra", person="alice"),
            Look("/to-dos/new/", save_empty, person="alice"),
            Look("/scripts/", person="alice"),
            Look("/scripts/", open_first_row, person="alice"),
            Look("/scripts/?q=zebra", person="alice"),
            Look("/scripts/none/", person="alice"),
            Look("/scripts/", person="rita"),
            Look("/scripts/new/", make_nothing, person="rita"),
            Look("/scripts/", open_script, person="rita"),
            *(
                Look("/scripts/", open_script_part(part), person="rita")
                for part in ("steps", "closings", "relays", "faqs")
            ),
            Look("/scripts/", edit_branch, person="rita"),
            Look("/scripts/", publish_script, person="rita"),
            Look("/scripts/", try_script, person="rita"),
            Look("/scripts/", open_publication, person="rita"),
            Look("/attendant/", person="alice"),
            Look("/attendant/", open_box, person="alice"),
            Look("/attendant/?as=list", person="alice"),
            Look("/attendant/schedules/", person="alice"),
            Look("/attendant/schedules/", unfold_hours, person="alice"),
            Look("/attendant/time-machine/?keys=1t2", person="alice"),
            Look("/attendant/time-machine/?date=never", person="alice"),
            Look("/attendant/test-call/", person="alice"),
            Look("/attendant/", ask_for_emergency, person="alice"),
            Look("/attendant/systems/", person="alice"),
            Look("/attendant/systems/", open_first_row, person="alice"),
            Look("/attendant/systems/new/", save_nothing, person="alice"),
            Look("/attendant/systems/?q=zebra", person="alice"),
            Look("/attendant/menus/", person="alice"),
            Look("/attendant/menus/", open_first_row, person="alice"),
            Look("/attendant/menus/", press_a_key, person="alice"),
            Look("/attendant/menus/new/", save_nothing, person="alice"),
            Look("/attendant/menus/", open_delete, person="alice"),
            Look("/attendant/announcements/", person="alice"),
            Look("/attendant/announcements/", open_first_row, person="alice"),
            Look("/attendant/announcements/new/", save_nothing, person="alice"),
            Look("/attendant/announcements/new/", upload_hum, person="alice"),
            Look("/attendant/announcements/?show=play", person="alice"),
            Look("/attendant/numbers/", person="alice"),
            Look("/attendant/numbers/", open_first_row, person="alice"),
            Look("/attendant/systems/", describe_first, person="alice"),
            Look("/attendant/history/draft/", person="alice"),
            Look("/attendant/history/draft/publish/", person="alice"),
            Look("/attendant/systems/", open_delete, person="alice"),
            Look("/attendant/systems/", publish_draft, person="alice"),
            Look("/attendant/history/", open_first_row, person="alice"),
            Look("/no-such-page/", person="alice"),
            Look("/demo/mailbox"),
            Look(f"/demo/mailbox/{self.mail}"),
            Look(f"/demo/mailbox/{self.mail}/html"),
            Look("/demo/webhooks"),
            Look("/api/v2/docs"),
            Look(self.link),
            Look(self.link, acknowledge_there),
            Look("/ack/of-nobody"),
        ]
