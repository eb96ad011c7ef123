"""`trace`: one call as a ladder, from the folders of the gateways that had it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from deskbell.foundation.environment import environment
from deskbell.voice import client


def trace(sid: str, folders: Sequence[str]) -> int:
    """Prints the call `sid`, looked for in `folders`, or in this deployment's data folder.

    Raises InvalidInput for what is no sid, NotFound where no gateway kept it.
    """
    places = [Path(folder) for folder in folders] or [environment().data_dir]
    print(client.trace(sid, places, width=shutil.get_terminal_size((120, 24)).columns))
    return 0
