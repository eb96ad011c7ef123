"""Faxes: a PDF, a number, and who carries one to the other.

A provider is a small thing (`providers.Provider`). One sends for all accounts: Telnyx where
`DESKBELL_TELNYX_FAX` names an application there, else the spool, a folder from which a program of
the operator's own sends.
"""

from .documents import fetched
from .providers import Fax, Provider, provider, sent

__all__ = ["Fax", "Provider", "fetched", "provider", "sent"]
