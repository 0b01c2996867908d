"""The sandbox's page as one text. Rule: the same for everybody: all that is told comes later."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tallystick.report.html.page import asset, content_security_policy

__all__ = ["page"]


@cache
def page() -> tuple[str, str]:
    """Give the page, and the policy to serve it with."""
    style, script = asset("base.css") + _own("sandbox.css"), _own("sandbox.js")
    templates = Environment(
        loader=PackageLoader("tallystick.sandbox"), autoescape=True, undefined=StrictUndefined
    )
    text = templates.get_template("sandbox.html.j2").render(
        style=Markup(style),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704
    )
    policy = content_security_policy(style, script, connect_src="'self'", frame_ancestors="'none'")
    return text, policy


def _own(name: str) -> str:
    file = resources.files("tallystick.sandbox") / "static" / name
    return file.read_text(encoding="utf-8")
