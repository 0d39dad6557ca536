"""Console pages and JSON API of inspections; each module declares those of one step."""

from __future__ import annotations

from shuangsui.inspections import (
    code_routes,
    conduct_routes,
    enterprise_routes,
    evidence_routes,
    feedback_routes,
    finding_routes,
    form_routes,
    link_routes,
    notice_routes,
    record_routes,
    rectify_routes,
    result_code_routes,
    signing_routes,
    submission_routes,
    task_routes,
    visit_routes,
)

STEPS = (
    task_routes, code_routes, notice_routes, visit_routes, signing_routes, record_routes, submission_routes,
    evidence_routes, finding_routes, rectify_routes, result_code_routes, form_routes, conduct_routes, link_routes,
    feedback_routes, enterprise_routes,
)  # fmt: skip

VIEWS = [one for step in STEPS for one in getattr(step, "VIEWS", [])]
ACTS = [one for step in STEPS for one in getattr(step, "ACTS", [])]
HANDLERS = [one for step in STEPS for one in getattr(step, "HANDLERS", [])]
