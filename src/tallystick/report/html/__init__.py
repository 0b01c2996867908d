"""The report as one HTML file. Rule: it shows what others judged; nothing in it can run or escape.

`page` puts it together from small views (`checks`, `stories`, `diagram`, `records`, `weather`);
the templates only lay them out, and escape every value.
"""

from __future__ import annotations

from tallystick.report.html.page import report_html

__all__ = ["report_html"]
