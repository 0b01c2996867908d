from __future__ import annotations

from tallystick import checklist


def test_what_the_package_offers():
    assert sorted(checklist.__all__) == [
        "Agreement",
        "CODES",
        "Code",
        "Compiled",
        "Document",
        "Finding",
        "Linted",
        "SEVERITIES",
        "Severity",
        "agreement_skeleton",
        "audit",
        "build_dataflow",
        "compile_checklist",
        "join_checklists",
        "lint_files",
        "read_agreement",
        "read_checklist",
        "read_document",
        "unread_lines",
    ]
    assert all(hasattr(checklist, name) for name in checklist.__all__)
