"""A seed draws the same values, whatever other modules are loaded."""

from __future__ import annotations

import importlib.util
import sys

from hypothesis import HealthCheck, Phase, given, seed, settings

from tallystick.derive.values import one_of

OPTIONS = list(range(1000))
DRAWN = 200


def draw() -> list[int]:
    found: list[int] = []

    @seed(1)
    @settings(
        max_examples=DRAWN,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(one_of(OPTIONS))
    def note(value: int) -> None:
        found.append(value)

    note()
    return found


def test_numbers_in_the_source_of_a_module_do_not_matter(tmp_path) -> None:
    before = draw()
    path = tmp_path / "with_numbers.py"
    path.write_text(f"NUMBERS = {OPTIONS[100:]}", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("with_numbers", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["with_numbers"] = module
    try:
        spec.loader.exec_module(module)
        assert draw() == before
    finally:
        del sys.modules["with_numbers"]


def test_all_options_are_drawn_alike() -> None:
    drawn = draw()
    assert len(set(drawn)) > DRAWN // 2
    for tenth in range(10):
        share = sum(value // 100 == tenth for value in drawn) / DRAWN
        assert 0.02 < share < 0.3, (tenth, share)
