"""Sound files as they come from a browser; too large ones are refused before they are read."""

from __future__ import annotations

from deskbell.attendant.errors import BadAudio

from ...tenancy import PortalRequest

MOST_BYTES = 20 * 1024 * 1024


class TooLarge(BadAudio):
    """The file is larger than MOST_BYTES."""


def read_upload(request: PortalRequest) -> bytes:
    """The content of the posted field `file`. Raises BadAudio for none and TooLarge."""
    file = request.FILES.get("file")
    if file is None:
        raise BadAudio("Choose a WAV file to upload.", field="file")
    if (file.size or 0) > MOST_BYTES:
        found, most = (file.size or 0) / 1024**2, MOST_BYTES // 1024**2
        raise TooLarge(
            f"The file has {found:.1f} MiB; up to {most} MiB can be uploaded.", field="file"
        )
    return bytes(file.read())
