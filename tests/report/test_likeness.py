"""Which failure is told, and in which order."""

from __future__ import annotations

from dataclasses import replace

from html_cases import played
from report_cases import SCRIPT, dataflow, violation

from tallystick.report.likeness import grouped
from tallystick.vocabulary.script import Edit, Holds, Ref, Settle


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


def test_of_as_many_steps_those_with_the_fewest_values_are_told():
    few, many = (
        (*SCRIPT, Edit(side="source", record=Ref("Ann", "Customer"), values=values))
        for values in ((("a", 1),), (("a", 1), ("b", 2)))
    )
    more = played(violation(), name="more", script=many)
    assert names(more, played(violation(), name="fewer", script=few)) == [["fewer", "more"]]
