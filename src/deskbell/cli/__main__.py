"""`python -m deskbell.cli`, which `./deskbell` runs."""

from .main import main

raise SystemExit(main())
