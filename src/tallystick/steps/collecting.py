"""Feature files as test modules. Rule: what is wrong with a feature is said with file and line.

A feature becomes a module that nobody wrote: pytest-bdd's `scenarios` fills it, and the one step
function and its fixture live in it, so that no other module sees them.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any, Final

import pytest
import pytest_bdd

from tallystick.errors import BadInput
from tallystick.steps.scene import playing, say
from tallystick.steps.words import AnySentence, mistakes
from tallystick.vocabulary.gherkin import Feature, read_feature

__all__ = ["FeatureFile"]

_TAGS: Final = pytest.StashKey[set[str]]()
_SOURCE: Final = "step(sentences)(say)\nscenarios(path, features_base_dir=folder)\n"
"""pytest-bdd registers steps and scenarios in the frame that calls it: here, the module's."""


class FeatureFile(pytest.Module):
    """One of our feature files; `feature` is what it says."""

    feature: Feature

    def _getobj(self) -> ModuleType:
        """Make the module; CollectError with file and line for what is wrong with the feature."""
        try:
            self.feature = self._read()
        except BadInput as error:
            raise self.CollectError(str(error)) from None
        self._declare_tags()
        module = ModuleType(re.sub(r"\W", "_", self.path.stem))
        names: dict[str, Any] = {
            "__file__": str(self.path),
            "step": pytest_bdd.step,
            "scenarios": pytest_bdd.scenarios,
            "sentences": AnySentence(),
            "say": say,
            "tallystick_playing": playing,
            "path": str(self.path),
            "folder": str(self.path.parent),
        }
        module.__dict__.update(names)
        exec(compile(_SOURCE, str(self.path), "exec"), module.__dict__)  # noqa: S102 - a constant
        return module

    def _read(self) -> Feature:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(f"{self._place}: not UTF-8: {error}") from error
        feature = read_feature(text, file=self._place)
        problems = list(mistakes(feature))
        if problems:
            raise BadInput(problems)
        return feature

    @property
    def _place(self) -> str:
        """The file as people would type it: from where pytest was called, if it lies there."""
        here = self.config.invocation_params.dir
        return str(self.path.relative_to(here) if self.path.is_relative_to(here) else self.path)

    def _declare_tags(self) -> None:
        """Declare the feature's tags as marks, so that strict markers let them pass."""
        known = self.config.stash.setdefault(_TAGS, set())
        tags = {tag.removeprefix("@") for s in self.feature.scenarios for tag in s.tags}
        for name in sorted(tags - known):
            known.add(name)
            self.config.addinivalue_line("markers", f"{name}: a tag of a Tallystick feature")

    def funcnamefilter(self, name: str) -> bool:
        """Take pytest-bdd's names for scenarios, whatever this project calls its tests."""
        return name.startswith("test_")
