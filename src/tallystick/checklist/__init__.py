"""Text to Dataflow, and findings with file and line."""

from __future__ import annotations

from tallystick.checklist.agreement import Agreement, read_agreement
from tallystick.checklist.audit import audit, unread_lines
from tallystick.checklist.build import Compiled, build_dataflow, compile_checklist
from tallystick.checklist.codes import CODES, SEVERITIES, Code, Severity
from tallystick.checklist.document import Document
from tallystick.checklist.findings import Finding
from tallystick.checklist.join import join_checklists
from tallystick.checklist.lint import Linted, lint_files
from tallystick.checklist.reader import read_checklist, read_document
from tallystick.checklist.skeleton import agreement_skeleton

__all__ = [
    "CODES",
    "SEVERITIES",
    "Agreement",
    "Code",
    "Compiled",
    "Document",
    "Finding",
    "Linted",
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
