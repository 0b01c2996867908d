"""Records for which one made record may be meant. Rule: the one that needs it most has it.

Two records are alike, one is gone before anybody could tell, or need not have a counterpart yet:
then what was made may have been made for either. The link that was taken for granted is revised
when the other one turns out to need it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tallystick.laws.history import Record
from tallystick.laws.leftovers import Leftovers
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.trials import Trials
from tallystick.laws.unlinked import Unlinked

__all__ = ["Rivalry"]


class Rivalry:
    """Remembers rivals of new links until they have links of their own."""

    def __init__(
        self,
        book: LinkBook,
        trials: Trials,
        leftovers: Leftovers,
        unlinked: Unlinked,
    ) -> None:
        self.book = book
        self.trials = trials
        self.leftovers = leftovers
        self._unlinked = unlinked
        self._contested: list[Link] = []

    def note(self, links: Sequence[Link], is_rival: Callable[[Link, Record], bool]) -> None:
        """Note the records without a link for which a new link's made record may be as well."""
        for link in links:
            if link.how == "created":
                link.rivals = [
                    record
                    for record in self._pool(link).values()
                    if record.birth.by == "person" and is_rival(link, record)
                ]
                if link.rivals:
                    self._contested.append(link)

    def _pool(self, link: Link) -> dict[int, Record]:
        by_connector = link.target.birth.by == "connector"
        return self._unlinked.pool(link.pair, "source" if by_connector else "target")

    def revise(self) -> None:
        """Give contested links to a rival that needs them, where who has them does not."""
        kept = []
        for link in self._contested:
            pool = self._pool(link)
            link.rivals = [r for r in link.rivals if not r.live or id(r) in pool]
            if link.rivals and not self._revise(link, pool):
                kept.append(link)
        self._contested = kept

    def _revise(self, link: Link, pool: dict[int, Record]) -> bool:
        calls = self.leftovers.calls
        origin = link.source if link.target.birth.by == "connector" else link.target
        if origin.live and calls(link.pair, origin):
            return False
        content = self.trials.ends_well(link)
        for rival in link.rivals:
            if content and not calls(link.pair, rival):
                continue
            ends = (rival, link.target) if rival.side == "source" else (link.source, rival)
            trial = self.book.unjoined(link.pair, *ends, link.how, before=True)
            if self.trials.ends_well(trial):
                self.book.reorigin(link, rival)
                pool.pop(id(rival), None)
                if origin.live:
                    pool[id(origin)] = origin
                return True
        return False
