"""A glance never says more than a trial would."""

from __future__ import annotations

from collections import Counter

import pytest
from histories import chance
from random_histories import Stage, history, settings

from tallystick.laws.inference import Inference


@pytest.fixture
def told(monkeypatch):
    """Have every two records without a link tried that a glance tells apart; count them."""
    counts: Counter[str] = Counter()
    merge = Inference._merge

    def merged(self):
        for pair in self.order:
            for source in self.unlinked.sources[pair.number].values():
                for target in self.unlinked.targets[pair.target].values():
                    counts["asked"] += 1
                    if self.grouping.trials.glance.cannot_be(pair, source, target):
                        counts["apart"] += 1
                        trial = self.book.unjoined(pair, source, target, "created")
                        assert not self.grouping.trials.ends_well(trial)
        return merge(self)

    monkeypatch.setattr(Inference, "_merge", merged)
    return counts


@pytest.mark.parametrize("kind", settings())
def test_what_a_glance_tells_apart_no_trial_joins(kind, told):
    for seed in range(60):
        choose = chance(seed)
        setting = settings()[kind](choose)
        Stage(setting).play(history(choose, setting, choose.randrange(3, 25)))
    assert kind == "bare" or told["apart"] >= 2, told
