"""What a draft is worth while what callers meet goes on changing."""

from __future__ import annotations

from typing import NamedTuple

from ..models import Draft
from ..rules.merging import merge, same
from ..rules.plan_json import from_json
from ..rules.plans import Plan


class Drafted(NamedTuple):
    """A draft's plan, what it was made of, and the parts that it and `live` changed differently."""

    base: Plan
    plan: Plan
    conflicts: list[str]


def up_to_date(draft: Draft, live: Plan) -> Drafted:
    """The draft with what changed live since it was begun; as it is where the two contradict."""
    base, plan = from_json(draft.base), from_json(draft.plan)
    if same(base, live):
        return Drafted(base, plan, [])
    merged, conflicts = merge(base, plan, live)
    return Drafted(base, plan, conflicts) if conflicts else Drafted(live, merged, [])
