"""Offer and answer: which codec both sides speak, and where audio goes (RFC 3264, RFC 8866).

Parsing is aiosipua's; what we say is text, since all of ours looks alike. G.711 either law, G.722,
and telephone-event at whatever payload type the peer offers (RFC 4733).
"""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from aiosipua import Codec, MediaDescription, SdpMessage, parse_sdp

from deskbell.foundation.errors import InvalidInput

CodecName = Literal["PCMU", "PCMA", "G722"]
Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
CODECS: Final[tuple[CodecName, ...]] = ("PCMU", "PCMA", "G722")
# G.722 says 8000 although it samples at 16000: RFC 3551 section 4.5.2
_PAYLOAD_TYPES: Final[dict[CodecName, int]] = {"PCMU": 0, "PCMA": 8, "G722": 9}
_OUR_DIGITS: Final = 101
_session_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Media:
    """What both sides agreed on: where the peer takes RTP, and the payload types on the wire."""

    host: str
    port: int
    codec: CodecName
    payload_type: int
    digits_payload_type: int | None
    direction: str = "sendrecv"

    @property
    def is_held(self) -> bool:
        """Whether the peer takes no audio for now: on hold, or with no address to send to."""
        return self.direction in {"recvonly", "inactive"} or not self.port or _is_zero(self.host)

    @property
    def has_two_ways(self) -> bool:
        """Whether the peer is to be heard all the time, so that its silence means it is gone."""
        return self.direction == "sendrecv" and not self.is_held


def _is_zero(host: str) -> bool:
    return host in {"0.0.0.0", "::"}  # noqa: S104 RFC 3264 section 8.4: a zero address is hold


def _read(sdp: str) -> SdpMessage:
    try:
        return parse_sdp(sdp)
    except (ValueError, IndexError) as error:
        raise InvalidInput(f"The SDP cannot be read: {error}") from error


def _is_usable(media: MediaDescription) -> bool:
    return media.media == "audio" and media.port > 0 and media.proto in {"RTP/AVP", "RTP/AVPF"}


def _audio(message: SdpMessage) -> MediaDescription:
    for media in message.media:
        if _is_usable(media):
            return media
    raise InvalidInput("The SDP has no audio over RTP/AVP")


def _speech_codec(codecs: list[Codec], ours: Sequence[CodecName]) -> tuple[CodecName, int]:
    known: dict[str, CodecName] = {name: name for name in ours}
    for codec in codecs:
        name = known.get(codec.encoding_name.upper())
        if name and codec.clock_rate == 8000 and 0 <= codec.payload_type < 128:
            return name, codec.payload_type
    raise InvalidInput(f"The SDP has none of {', '.join(ours)}, and the gateway speaks these")


def _digits(codecs: list[Codec]) -> int | None:
    for codec in codecs:
        if codec.encoding_name.lower() == "telephone-event" and codec.clock_rate == 8000:
            return codec.payload_type
    return None


def _address(message: SdpMessage, audio: MediaDescription, ours: str) -> str:
    connection = audio.connection or message.connection
    if connection is None:
        raise InvalidInput("The SDP says no address (no c= line)")
    host = connection.address.partition("/")[0]
    try:
        version = ipaddress.ip_address(host).version
    except ValueError as error:
        raise InvalidInput(f"The SDP's address {host!r} is no IP address") from error
    if version != (wanted := 6 if ":" in ours else 4) and not _is_zero(host):
        raise InvalidInput(f"The SDP's address {host} is not IPv{wanted}, and this gateway's is")
    return host


def _direction(message: SdpMessage, audio: MediaDescription) -> str:
    for attributes in (audio.attributes, message.attributes):
        for name in ("sendrecv", "sendonly", "recvonly", "inactive"):
            if name in attributes:
                return name
    return "sendrecv"


def _ours(theirs: str, wanted: str) -> Direction:
    """What we do where the peer does `theirs` and we want `wanted` (RFC 3264 section 6.1)."""
    sends = theirs in {"sendrecv", "recvonly"} and wanted in {"sendrecv", "sendonly"}
    takes = theirs in {"sendrecv", "sendonly"} and wanted in {"sendrecv", "recvonly"}
    if sends:
        return "sendrecv" if takes else "sendonly"
    return "recvonly" if takes else "inactive"


def _agreed(
    message: SdpMessage, *, ours: str, codecs: Sequence[CodecName], wanted: str = "sendrecv"
) -> Media:
    audio = _audio(message)
    codec, payload_type = _speech_codec(audio.codecs, codecs)
    return Media(
        host=_address(message, audio, ours),
        port=audio.port,
        codec=codec,
        payload_type=payload_type,
        digits_payload_type=_digits(audio.codecs),
        direction=_ours(_direction(message, audio), wanted),
    )


def media_of(sdp: str, *, ours: str, codecs: Sequence[CodecName] = CODECS) -> Media:
    """What an offer, or the answer to ours, agrees on; the first codec of theirs that is ours.

    `ours` is the IP address that our audio has. `direction` is ours too: what the peer only sends,
    we only receive. Raises InvalidInput, in words, where there is nothing to agree on.
    """
    return _agreed(_read(sdp), ours=ours, codecs=codecs)


def _audio_lines(
    port: int,
    kinds: Sequence[tuple[int, str]],
    digits: int | None,
    *,
    direction: str,
    proto: str = "RTP/AVP",
) -> list[str]:
    """The audio stream's lines; `kinds` are payload types and codecs, the best first."""
    maps = [f"a=rtpmap:{number} {name}/8000" for number, name in kinds]
    numbers = [number for number, _ in kinds]
    if digits is not None:
        numbers.append(digits)
        maps.append(f"a=rtpmap:{digits} telephone-event/8000")
        maps.append(f"a=fmtp:{digits} 0-15")
    return [
        f"m=audio {port} {proto} {' '.join(map(str, numbers))}",
        *maps,
        "a=ptime:20",
        f"a={direction}",
    ]


class Negotiation:
    """Our side of one call's offers and answers: takes audio at `host`:`port`.

    `codecs` are those that we take, the best first; an answer takes the peer's best of them.
    """

    __slots__ = (
        "_before",
        "_codecs",
        "_host",
        "_id",
        "_port",
        "_streams",
        "_version",
        "_wanted",
        "media",
    )

    def __init__(self, *, host: str, port: int, codecs: Sequence[CodecName] = CODECS) -> None:
        self.media: Media | None = None
        self._host = host
        self._port = port
        self._codecs = tuple(codecs)
        self._id = next(_session_ids)
        self._version = 0
        self._wanted: Direction = "sendrecv"
        self._before: list[str] = []
        self._streams: list[str] = [""]  # refused ones, and an empty one where our audio is

    @property
    def session(self) -> tuple[int, int]:
        """The number and the version of our description, which `go_on` takes further."""
        return self._id, self._version

    def go_on(self, session: tuple[int, int]) -> None:
        """Goes on from another process's description (RFC 3264 section 8: one number, growing)."""
        self._id, self._version = session

    def answer(self, offer: str) -> str:
        """Our answer; sets `media`. Every stream but the first audio is refused.

        Streams keep their order (RFC 3264 section 6). While we hold the peer (the last `offer` of
        ours said so), the answer goes on to say it. Raises InvalidInput as `media_of`.
        """
        message = _read(offer)
        media = _agreed(message, ours=self._host, codecs=self._codecs, wanted=self._wanted)
        streams: list[str] = []
        lines: list[str] = []
        for stream in message.media:
            if not lines and _is_usable(stream):
                lines = self._agreed_lines(media, media.direction, stream.proto)
                streams.append("")
            else:
                kinds = " ".join(stream.formats) or "0"
                streams.append(f"m={stream.media or 'audio'} 0 {stream.proto} {kinds}")
        self.media = media
        self._streams = streams
        return self._written(lines)

    def offer(
        self, direction: Direction | None = None, codecs: Sequence[CodecName] | None = None
    ) -> str:
        """What we offer; `sendonly` and `inactive` put the peer on hold, `sendrecv` takes it back.

        Without a `direction` the last one stays, at first `sendrecv`.
        `codecs`: the best first; by default what is agreed already, else all of ours. Keys as
        events, at the payload type that is agreed (RFC 3264 section 8.3.2).
        """
        direction = self._wanted = direction or self._wanted
        media = self.media
        if media is not None and codecs is None:
            return self._written(self._agreed_lines(media, direction))
        digits = media.digits_payload_type if media is not None else None
        chosen = self._codecs if codecs is None else codecs
        kinds = [(_PAYLOAD_TYPES[name], name) for name in chosen]
        return self._written(
            _audio_lines(self._port, kinds, digits or _OUR_DIGITS, direction=direction)
        )

    def accept(self, answer: str) -> None:
        """Takes the peer's answer to our offer. Raises InvalidInput as `media_of`."""
        self.media = _agreed(_read(answer), ours=self._host, codecs=CODECS, wanted=self._wanted)

    def _agreed_lines(self, media: Media, direction: str, proto: str = "RTP/AVP") -> list[str]:
        kinds = [(media.payload_type, media.codec)]
        digits = media.digits_payload_type
        return _audio_lines(self._port, kinds, digits, direction=direction, proto=proto)

    def _written(self, audio: list[str]) -> str:
        """The whole description; its version grows where it says something new (section 8)."""
        family = "IP6" if ":" in self._host else "IP4"
        lines = [f"c=IN {family} {self._host}", "t=0 0"]
        for stream in self._streams:
            lines += [stream] if stream else audio
        if lines != self._before:
            self._version += 1
            self._before = lines
        head = ["v=0", f"o=deskbell {self._id} {self._version} IN {family} {self._host}", "s=-"]
        return "\r\n".join([*head, *lines, ""])
