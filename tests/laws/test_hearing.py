"""Laws are told only of what they hear: one that looks at events has to say of which."""

from __future__ import annotations

import pytest

from tallystick.laws.law import Law
from tallystick.laws.registry import ALL_LAWS


@pytest.mark.parametrize("law", ALL_LAWS, ids=lambda law: law.name)
def test_who_looks_at_events_hears_some(law):
    assert bool(law.hears) == (law.on_event is not Law.on_event)
