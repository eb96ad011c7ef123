"""A call from the page, whole: a real browser, its microphone, the gateway, and the message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from deskbell import speech
from tests.browser import CHROMIUM, SOON
from tests.house import House, until

pytest.importorskip("aiortc", reason="requirements/browser.txt is not installed")
pytestmark = [pytest.mark.journey]
_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# How loud the page's loudspeaker is for a second at most: 0 is silence, 128 is all there is.
_LOUDEST = """async () => {
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  const stream = document.querySelector("[data-test-call-audio]").srcObject;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  let loudest = 0;
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    analyser.getByteTimeDomainData(samples);
    loudest = Math.max(loudest, ...samples.map((sample) => Math.abs(sample - 128)));
  }
  await context.close();
  return loudest;
}"""


@pytest.fixture
def page(playwright: Playwright, house: House, tmp_path: Path) -> Iterator[Page]:
    said = tmp_path / "said.wav"
    said.write_bytes(speech.write_wav(speech.speak("A pipe burst. Please call me back soon.")))
    browser: Browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            *("--no-sandbox", "--disable-dev-shm-usage", *_MICROPHONE),
            f"--use-file-for-fake-audio-capture={said}",
        ],
    )
    context: BrowserContext = browser.new_context(base_url=house.http, permissions=["microphone"])
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    yield tab
    browser.close()


def sign_in(tab: Page, house: House, name: str, *, account: int = 0) -> None:
    user = next(each for each in house.demo["accounts"][account]["users"] if each["name"] == name)
    tab.goto("/sign-in/")
    tab.get_by_label("Email Address").fill(user["email"])
    tab.get_by_label("Password").fill(user["password"])
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_message_is_left_from_the_page(page: Page, house: House) -> None:
    before = house.newest()["id"]
    sign_in(page, house, "alice")
    page.goto("/attendant/")
    page.get_by_role("link", name="Test call").click()
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Connected")).to_be_visible(timeout=SOON)
    assert page.evaluate(_LOUDEST) > 10, "the greeting is heard"
    page.get_by_role("button", name="2", exact=True).click()
    page.wait_for_timeout(9_000)  # the offer to leave a message, its tone, and some speech
    page.keyboard.press("#")
    expect(page.get_by_text("The call has ended.")).to_be_visible(timeout=20_000)
    message = until(
        lambda: house.newest() if house.newest()["id"] != before else None, 10, "a message"
    )
    recording = page.request.get(house.recording_address(message["id"]))
    assert recording.ok
    assert len(recording.body()) > 2 * 8000, "more than a second was recorded"


def test_only_the_accounts_own_numbers_are_called(page: Page, house: House) -> None:
    theirs = house.demo["accounts"][1]["numbers"][0]["number"]
    sign_in(page, house, "alice")
    page.goto("/attendant/test-call/")
    answer = page.evaluate(
        """async ([number, token]) => {
          const reply = await fetch("/attendant/test-call/", {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-CSRFToken": token },
            body: JSON.stringify({ number, sdp: "v=0" }),
          });
          return [reply.status, (await reply.json()).error];
        }""",
        [theirs, page.locator("[data-test-call] [name=csrfmiddlewaretoken]").input_value()],
    )
    assert answer[0] == 400
    assert "not a number of this account" in answer[1]
