"""Which failure is told, and in which order."""

from __future__ import annotations

from dataclasses import replace

from html_cases import played
from report_cases import SCRIPT, dataflow, violation

from tallystick.report.likeness import grouped
from tallystick.vocabulary.script import Holds, Settle


def names(*failed):
    return [[one.scenario.name for one in group] for group in grouped(failed, dataflow())]


def test_what_is_about_the_runs_own_checklist_comes_first():
    given = dataflow()
    policies = replace(given.policies, conflicts="source-wins")
    other = played(violation(), name="other", flow=replace(given, policies=policies))
    other = replace(other, violations=(violation("linked"),))
    assert names(other, played(violation(), name="own")) == [["own"], ["other"]]


def test_what_takes_the_least_doing_is_told():
    looks = played(violation(), name="looks", script=(*SCRIPT, Holds(law="in-sync")))
    same = played(violation(), name="same", script=SCRIPT)
    longer = played(violation(), name="longer", script=(*SCRIPT, Settle()))
    assert names(longer, looks, same) == [["looks", "same", "longer"]]
