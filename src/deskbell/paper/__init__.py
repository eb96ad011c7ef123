"""Documents on paper: a template and its data become a PDF.

A room of its own because deliveries (a fax), pages (a proof) and files (an export) all print, and
none should know how: `pdf` is the door, `printed_apart` the same for what is long.
"""

from .press import printed_apart
from .printing import pdf

__all__ = ["pdf", "printed_apart"]
