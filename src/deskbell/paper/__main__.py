"""`python -m deskbell.paper TEMPLATE`: prints what comes in as JSON; see `press`."""

from __future__ import annotations

import json
import sys

from .printing import ROOT, pdf

if __name__ == "__main__":
    sys.stdout.buffer.write(pdf(ROOT / sys.argv[1], json.load(sys.stdin)))
