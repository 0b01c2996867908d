"""Renderers of verdicts and journals. Rule: they compute nothing about conformance."""

from __future__ import annotations

from tallystick.report.scenario import feature_text
from tallystick.report.story import failure_story, story, told_script

__all__ = ["failure_story", "feature_text", "story", "told_script"]
