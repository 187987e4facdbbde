"""Small tables for people who look at an asset's metadata."""

import base64

import dagster as dg
import pandas as pd


def preview(frame: pd.DataFrame, rows: int = 15) -> dg.MarkdownMetadataValue:
    """The first rows of a frame as a Markdown table; cell text is escaped, since it may be a customer's."""
    shown = frame.head(rows)
    lines = [list(map(str, shown.columns)), ["---"] * len(shown.columns)]
    lines += [[_cell(value) for value in row] for row in shown.itertuples(index=False)]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_cell(item) for item in value)
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    for special in "\\`*_[]<>|":
        text = text.replace(special, "\\" + special)
    return " ".join(text.split())


def picture(png: bytes) -> dg.MarkdownMetadataValue:
    """A PNG that the UI shows in place."""
    return dg.MetadataValue.md(f"![plot](data:image/png;base64,{base64.b64encode(png).decode()})")
