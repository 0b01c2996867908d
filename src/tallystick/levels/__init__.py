"""Levels: how far a connector has come, by dated sets of what is asked of it.

Rule: a set, once frozen, never changes; what is judged only since then runs unscored until the next
set. `sets` holds the sets as data, `assess` says which level a run has reached.
"""
