"""Borders of recordings."""

from __future__ import annotations

from tests.borders.rows import Row

#                    anonymous charlie bob alice rita olivia
SOUND_OF_IT = Row((302, 404, 403, 200, 200, 200))  # bob lacks the Call Recording right

ROWS: dict[str, Row] = {
    "recordings/": Row((302, 200, 403, 200, 200, 200)),
    "recordings/<int:recording_id>/": SOUND_OF_IT,
    "recordings/<int:recording_id>/audio/": Row((302, 404, 403, 302, 302, 302)),
    "recordings/<int:recording_id>/wave.svg": SOUND_OF_IT,
}
