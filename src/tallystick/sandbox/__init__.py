"""Both systems live, on one page. Rule: a thin shell: worlds do the work, laws judge, it shows.

`play` is the sandbox itself, `view` what of it is shown, `feed` how that is told while it goes on,
`server` the page's server, which answers nobody but the page; `wiring` puts a connector to it.
"""

from __future__ import annotations

from tallystick.sandbox.play import Sandbox
from tallystick.sandbox.server import PageServer

__all__ = ["PageServer", "Sandbox"]
