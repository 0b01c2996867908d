"""All laws, strongest first: what an earlier law has said of a link, a later one need not say."""

from __future__ import annotations

from typing import Final

from tallystick.laws.deletions import Deletions
from tallystick.laws.discreet import Discreet
from tallystick.laws.economical import Economical
from tallystick.laws.for_life import ForLife
from tallystick.laws.in_sync import InSync
from tallystick.laws.latest_wins import LatestWins
from tallystick.laws.law import Law
from tallystick.laws.linked import Linked
from tallystick.laws.merged import Merged
from tallystick.laws.no_invention import NoInvention
from tallystick.laws.no_lost_edit import NoLostEdit
from tallystick.laws.one_to_one import OneToOne
from tallystick.laws.polite import Polite
from tallystick.laws.quiet import Quiet
from tallystick.laws.references import References
from tallystick.laws.runs import Runs
from tallystick.laws.untouched import Untouched

__all__ = ["ALL_LAWS"]

ALL_LAWS: Final[tuple[type[Law], ...]] = (
    Runs,
    NoInvention,
    Untouched,
    Discreet,
    Polite,
    Merged,
    ForLife,
    OneToOne,
    Linked,
    References,
    NoLostEdit,
    LatestWins,
    InSync,
    Deletions,
    Economical,
    Quiet,
)
