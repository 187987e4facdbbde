"""Calibration answers for tests, as ``choose_thresholds`` takes them."""

import pandas as pd

CATEGORIES = pd.DataFrame(
    [
        ("login", "Login", "automate"),
        ("invoice", "Invoice", "automate"),
        ("sync", "Sync", "automate"),
        ("outage", "Outage", "hybrid"),
        ("legal", "Legal", "escalate"),
    ],
    columns=["category_id", "name", "bucket"],
)


def answers(*groups) -> pd.DataFrame:
    """Each group: category, how many, confidence, how many of them wrong, whether they may be answered."""
    rows = [
        (category, confidence, may_answer, number < wrong, "same_answer")
        for category, count, confidence, wrong, may_answer in groups
        for number in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["category_id", "confidence", "may_answer", "is_wrong", "label_source"])
    return frame.astype({"confidence": "float64", "may_answer": "bool", "is_wrong": "bool"})
