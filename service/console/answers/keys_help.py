"""Which keys there are, on demand.

Belongs here: the list and its dialog. Does not belong here: what they do (``review_page``).
"""

from __future__ import annotations

from nicegui import ui

from service.console import looks

KEYS = (
    ("1 2 3", "correct, needs improvement, incorrect; then a key for the reason"),
    ("e", "edit the reply and send that instead"),
    ("c", "say what would have been right"),
    ("m", "add a note to what you say next"),
    ("j k", "next, previous"),
    ("u", "undo: take back what you said last"),
    ("w", "why: the steps of the decision"),
    ("o", "what others said"),
    ("/", "to the filters"),
    ("Esc", "back out of what you began"),
    ("?", "these keys"),
)


def keys_dialog() -> ui.dialog:
    """A dialog with all keys, closed."""
    with ui.dialog().props('aria-label="Keys"') as dialog, ui.card():
        looks.heading("Keys")
        with ui.element("div").classes("answer-keys"):
            for keys, does in KEYS:
                with ui.element("div").classes("row"):
                    for key in keys.split():
                        with ui.element("kbd"):
                            ui.label(key)
                looks.text(does)
        ui.button("Close", on_click=dialog.close).props("flat no-caps")
    return dialog
