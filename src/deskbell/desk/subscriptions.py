"""What the desk does when a lower room tells it something."""

from __future__ import annotations
