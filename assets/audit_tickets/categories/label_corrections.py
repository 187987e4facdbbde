"""What people corrected of tickets' categories, as far as it may be learnt from.

Belongs here: which corrections teach. Does not belong here: learning (``intents``), recording one (``ledger.corrections``).
"""

from __future__ import annotations

import pandas as pd

COLUMNS = ["ticket_id", "category_id", "change_id"]


def that_may_teach(corrections: pd.DataFrame | None, splits: pd.DataFrame) -> pd.DataFrame:
    """The corrections of training tickets: ticket_id (once each), category_id, change_id, ordered by ticket.

    A correction of a ticket that measures the agent is passed over, however it came into the record: a model that learnt it
    would be graded on what it was told.

    Args:
        corrections: ``ledger.corrections.category_corrections``; None: there are none.
        splits: ticket_id, split.
    """
    if corrections is None or not len(corrections):
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    training = set(splits.loc[splits["split"] == "train", "ticket_id"])
    kept = corrections.loc[corrections["ticket_id"].isin(training), COLUMNS]
    return kept.drop_duplicates("ticket_id", keep="last").sort_values("ticket_id", ignore_index=True)
