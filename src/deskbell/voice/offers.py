"""Offer and answer: which codec both sides speak, and where audio goes (RFC 3264, RFC 8866).

Parsing is aiosipua's; the answer is text, since all of ours look alike. G.711 either law, and
telephone-event at whatever payload type the peer offers (RFC 4733).
"""

from __future__ import annotations

import ipaddress
import itertools
from dataclasses import dataclass
from typing import Final, Literal

from aiosipua import Codec, MediaDescription, SdpMessage, parse_sdp

from deskbell.foundation.errors import InvalidInput

CodecName = Literal["PCMU", "PCMA"]
_CODECS: Final[dict[str, CodecName]] = {"PCMU": "PCMU", "PCMA": "PCMA"}
_OUR_DIGITS: Final = 101
_MIRRORED: Final = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
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


def _speech_codec(codecs: list[Codec]) -> tuple[CodecName, int]:
    for codec in codecs:
        name = _CODECS.get(codec.encoding_name.upper())
        if name and codec.clock_rate == 8000 and 0 <= codec.payload_type < 128:
            return name, codec.payload_type
    raise InvalidInput("The SDP has neither PCMU nor PCMA, and the gateway speaks these")


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


def media_of(sdp: str, *, ours: str) -> Media:
    """What an offer, or the answer to ours, agrees on; the first codec of theirs that is ours.

    `ours` is the IP address that our audio has. `direction` is ours too: what the peer only sends,
    we only receive. Raises InvalidInput, in words, where there is nothing to agree on.
    """
    message = _read(sdp)
    audio = _audio(message)
    codec, payload_type = _speech_codec(audio.codecs)
    theirs = _direction(message, audio)
    return Media(
        host=_address(message, audio, ours),
        port=audio.port,
        codec=codec,
        payload_type=payload_type,
        digits_payload_type=_digits(audio.codecs),
        direction=_MIRRORED.get(theirs, "sendrecv"),
    )


def _audio_lines(port: int, media: Media) -> list[str]:
    kinds = [str(media.payload_type)]
    maps = [f"a=rtpmap:{media.payload_type} {media.codec}/8000"]
    if media.digits_payload_type is not None:
        kinds.append(str(media.digits_payload_type))
        maps.append(f"a=rtpmap:{media.digits_payload_type} telephone-event/8000")
        maps.append(f"a=fmtp:{media.digits_payload_type} 0-15")
    return [
        f"m=audio {port} RTP/AVP {' '.join(kinds)}",
        *maps,
        "a=ptime:20",
        f"a={media.direction}",
    ]


class Negotiation:
    """Our side of one call's offers and answers: takes audio at `host`:`port`."""

    __slots__ = ("_host", "_id", "_port", "_version", "media")

    def __init__(self, *, host: str, port: int) -> None:
        self.media: Media | None = None
        self._host = host
        self._port = port
        self._id = next(_session_ids)
        self._version = 0

    def _head(self) -> list[str]:
        self._version += 1
        family = "IP6" if ":" in self._host else "IP4"
        return [
            "v=0",
            f"o=deskbell {self._id} {self._version} IN {family} {self._host}",
            "s=-",
            f"c=IN {family} {self._host}",
            "t=0 0",
        ]

    def answer(self, offer: str) -> str:
        """Our answer; sets `media`. Every stream but the first audio is refused.

        Streams keep their order (RFC 3264 section 6). Raises InvalidInput as `media_of`.
        """
        media = media_of(offer, ours=self._host)
        lines = self._head()
        is_taken = False
        for stream in _read(offer).media:
            if not is_taken and _is_usable(stream):
                lines += _audio_lines(self._port, media)
                is_taken = True
            else:
                kinds = " ".join(stream.formats) or "0"
                lines.append(f"m={stream.media or 'audio'} 0 {stream.proto} {kinds}")
        self.media = media
        return "\r\n".join(lines) + "\r\n"

    def offer(self) -> str:
        """What we offer where the peer leaves it to us: both laws, and keys as events."""
        lines = [
            *self._head(),
            f"m=audio {self._port} RTP/AVP 0 8 {_OUR_DIGITS}",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:8 PCMA/8000",
            f"a=rtpmap:{_OUR_DIGITS} telephone-event/8000",
            f"a=fmtp:{_OUR_DIGITS} 0-15",
            "a=ptime:20",
            "a=sendrecv",
        ]
        return "\r\n".join(lines) + "\r\n"

    def accept(self, answer: str) -> None:
        """Takes the peer's answer to our offer. Raises InvalidInput as `media_of`."""
        self.media = media_of(answer, ours=self._host)
