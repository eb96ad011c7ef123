"""Takes a picture of every page, to be looked at before anything is shipped.

    ./deskbell up --demo
    .venv/bin/python scripts/screenshots.py var/demo.json /tmp/pictures
    .venv/bin/python scripts/screenshots.py var/demo.json /tmp/pictures --only messages oncall
    .venv/bin/python scripts/screenshots.py var/demo.json docs/screenshots --readme

Each page in two sizes, light and dark; `--readme` takes only the four pictures of README.md.
Leave a message by phone first: webhook and link are of the newest one, else of the operator's test
message; one of the pictures acknowledges it. Somebody is invited, and leaves; charlie and olivia
have MFA for a while. Needs Chromium, at /usr/bin/chromium or where CHROMIUM says.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from pictures import README, SHOTS
from pictures.outside import expired_link
from pictures.taking import take_all, take_readme
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def main() -> None:
    """Reads the arguments and takes the pictures."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("demo", type=Path, help="demo.json in the data folder")
    reader.add_argument("folder", type=Path)
    reader.add_argument("--readme", action="store_true", help="only the four of README.md")
    reader.add_argument("--only", nargs="+", metavar="NAME", help="only these pictures")
    given = reader.parse_args()
    demo = json.loads(given.demo.read_text())
    shots = [*SHOTS, expired_link(given.demo.parent)]
    if given.only:
        if unknown := set(given.only) - {shot.name for shot in shots}:
            reader.error(f"no picture is named {', '.join(sorted(unknown))}")
        shots = [shot for shot in shots if shot.name in given.only]
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if given.readme:
            take_readme(
                demo, [shot for shot in SHOTS if shot.name in README], given.folder, browser
            )
        else:
            take_all(demo, shots, given.folder, browser)
        browser.close()


if __name__ == "__main__":
    main()
