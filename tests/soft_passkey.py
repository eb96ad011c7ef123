"""A passkey without a device: makes and signs what a browser would send, with real keys."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://localhost:8000"
FLAG = AuthenticatorData.FLAG


class SoftPasskey:
    """One passkey; `knows_its_person` is whether it asked for a finger or PIN."""

    def __init__(
        self, *, rp_id: str = "localhost", origin: str = ORIGIN, knows_its_person: bool = True
    ) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.rp_id, self.origin = rp_id, origin
        self.id = secrets.token_bytes(32)
        self.handle = ""
        self.flags = FLAG.UP | (FLAG.UV if knows_its_person else FLAG(0))

    def make(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`, as our script sends it."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        data = AuthenticatorData.create(self._rp(), self.flags | FLAG.AT, 0, credential)
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            clientDataJSON=client, attestationObject=bytes(attestation), transports=["internal"]
        )

    def use(self, options: dict[str, Any], *, handle: str | None = None) -> str:
        """The answer to `navigator.credentials.get`; `handle` is whom it says to belong to."""
        data = AuthenticatorData.create(self._rp(), self.flags, 1)
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        signed = bytes(data) + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client,
            authenticatorData=bytes(data),
            signature=signature,
            userHandle=self.handle if handle is None else handle,
        )

    def _rp(self) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest()

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: Any) -> str:
        encoded = {
            name: websafe_encode(value) if isinstance(value, bytes) else value
            for name, value in response.items()
        }
        return json.dumps(
            {"id": websafe_encode(self.id), "type": "public-key", "response": encoded}
        )
