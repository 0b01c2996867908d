"""Runs noted as they go on, and written down. Rule: it composes what others judge, tell and render.

Whoever plays scenarios, the command line or pytest, in one process or several, has them noted here.
"""
