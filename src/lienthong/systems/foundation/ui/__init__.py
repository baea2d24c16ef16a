"""Pages rendered on the server: one accessible frame, one style sheet, two languages, no script.

Source: WCAG 2.2 level AA; Nghị định 42/2022/NĐ-CP (public services usable by all).
"""
