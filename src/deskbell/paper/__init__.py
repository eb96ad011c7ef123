"""Documents on paper: a template and its data become a PDF.

A room of its own because deliveries (a fax) and pages (a proof) both print, and neither should know
how: `pdf` is the whole door.
"""

from .printing import pdf

__all__ = ["pdf"]
