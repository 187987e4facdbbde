"""Did the people who answered need facts from the customer's account?

Belongs here: how staff say that they looked something up or changed it, and how they ask for what only the customer
has, in English, German and Spanish. Does not belong here: whether answers differ by facts that the ticket already
carries, such as the plan (`answer_consistency`): an entry's conditions can handle those.
"""

from __future__ import annotations

import re

import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold

MAX_CHARS = 4_000

_THING_EN = (
    r"(?:account|subscription|plan|invoice|order|payment|workspace|charge|seats?|licen[cs]es?|trial|profile|records?|"
    r"refund|card|mailbox|billing|usage|contract|domain|team)"
)
_DONE_EN = (
    r"(?:checked|looked (?:at|into|up)|reviewed|had a look|pulled up|reset|updated|changed|enabled|disabled|activated|"
    r"upgraded|downgraded|cancell?ed|refunded|issued|credited|removed|added|extended|unlocked|restored|merged|"
    r"transferred|verified|corrected|adjusted|applied|reversed|closed|deleted|switched|converted|moved)"
)
_FACT_EN = (
    r"(?:account (?:e-?mail|name|id|number|details)|order (?:number|id|no)|invoice (?:number|id|no)|user ?name|"
    r"e-?mail address|workspace (?:name|id|url)|customer (?:number|id)|screen ?shots?|log files?|logs|"
    r"last four|transaction (?:id|number)|troubleshooting information|screen recording|account you|your account)"
)
_THING_DE = (
    r"(?:konto|account|abo|abonnement|vertrag|rechnung|bestellung|zahlung|lizenz\w*|tarif|workspace|postfach|"
    r"buchung|profil|zugang|gutschrift|karte)"
)
_FACT_DE = (
    r"(?:e-?mail-?adresse|kundennummer|rechnungsnummer|bestellnummer|benutzername\w*|screenshots?|bildschirmfoto\w*|"
    r"log-?datei\w*|logs|auftragsnummer|kontonamen?|workspace|transaktionsnummer)"
)
_THING_ES = r"(?:cuenta|suscripcion|plan|factura|pedido|pago|contrato|licencia|cargo|reembolso|espacio|tarjeta|perfil)"
_FACT_ES = (
    r"(?:correo (?:electronico )?(?:de|asociado|con)|numero de (?:pedido|factura|cliente|cuenta)|captura\w*|"
    r"nombre de usuario|direccion de correo|registros?|identificador)"
)

_LOOKED_UP: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (keys, re.compile(pattern))
    for keys, pattern in (
        (("i ", "i'", "we"), r"\b(?:i|we)(?:'ve| have)? (?:just |now |also |already |gone ahead and )*" + _DONE_EN
         + r"\b[^.!?\n]{0,30}\b(?:your|the|this) (?:\w+ ){0,2}" + _THING_EN + r"\b"),
        (("your ",), r"\b(?:i|we) (?:can |could )?(?:see|notice|found|find)\b[^.!?\n]{0,25}\byour (?:\w+ ){0,2}" + _THING_EN + r"\b"),
        (("our records", "our system", "our end", "our side", "my end", "my side"),
         r"\b(?:according to|in) our (?:records|system)\b|\b(?:on|from) (?:our|my) (?:end|side)\b"),
        (("your ",), r"\byour (?:account|plan|subscription|payment|refund|order|invoice|workspace) (?:is|was|has|had|shows|appears|"
         r"expired|ended|renews|renewed|will be|failed)\b"),
        (("issued", "processed"), r"\b(?:refund|credit|payment)\b[^.!?\n]{0,20}\b(?:has been|was|is) (?:issued|processed)\b"),
        (("habe", "wurde", "haben", "sehe"), r"\b(?:ich|wir) (?:habe|haben|sehe|sehen)\b[^.!?\n]{0,30}\b(?:ihr\w*|dein\w*|eur\w*|das|die|den) (?:\w+ )?" + _THING_DE
         + r"\b|\b" + _THING_DE + r"\b[^.!?\n]{0,30}\b(?:wurde|habe ich|haben wir|ist) (?:\w+ ){0,3}(?:\w*ge\w+t|storniert|aktiviert|freigeschaltet|"
         r"zurueckgesetzt|erstattet|geloescht|abgelaufen)\b"),
        (("bei uns", "im system", "unserer seite"), r"\b(?:in unserem|im) system\b|\bauf unserer seite\b"),
        (("cuenta", "suscripc", "plan", "factura", "pedido", "pago", "cargo", "reembolso", "tarjeta"),
         r"\b(?:he|hemos|acabo de|acabamos de|veo|vemos|revise|revisamos)\b[^.!?\n]{0,35}\b(?:su|tu|la|el|vuestra) (?:\w+ )?" + _THING_ES + r"\b|"
         r"\b(?:su|tu) (?:cuenta|plan|suscripcion|pago|reembolso) (?:esta|fue|ha sido|tiene|vencio|aparece)\b"),
        (("sistema", "nuestra parte"), r"\ben nuestro sistema\b|\bpor nuestra parte\b"),
    )
)  # fmt: skip

_ASKED: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (keys, re.compile(pattern))
    for keys, pattern in (
        (("you", "please", "what", "which", "may i", "let me", "let us", "need"),
         r"\b(?:(?:could|can|would|will) you|please|what(?:'s| is| was)|which|may (?:i|we) have|let (?:me|us) know|(?:i|we)(?:'ll| will| would)? need|"
         r"would like)\b[^.!?\n]{0,60}\b" + _FACT_EN + r"\b"),
        (("bitte", "koenn", "welche", "wie lautet", "brauche", "benoetig"),
         r"\b(?:bitte|koennt\w*|koennen sie|welche\w*|wie lautet|brauche\w*|benoetig\w*)\b[^.!?\n]{0,60}\b" + _FACT_DE + r"\b"),
        (("envi", "podria", "puede", "indi", "cual", "necesit", "favor", "compart"),
         r"\b(?:envi\w+|podria\w*|puede\w*|indi\w+|cual es|necesit\w+|por favor|compart\w+)\b[^.!?\n]{0,60}\b" + _FACT_ES),
    )
)  # fmt: skip


def refers_to_account(text: str) -> bool:
    """Whether a staff reply speaks of something looked up or changed in the customer's account."""
    return _any_match(_LOOKED_UP, fold(text[:MAX_CHARS]))


def asks_for_facts(text: str) -> bool:
    """Whether a staff reply asks for what only the customer has: account, order, screenshot, log."""
    return _any_match(_ASKED, fold(text[:MAX_CHARS]))


def _any_match(rules: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...], folded: str) -> bool:
    return any(pattern.search(folded) for keys, pattern in rules if any(key in folded for key in keys))


def find_account_context(redacted_comments: pd.DataFrame) -> pd.DataFrame:
    """Need for account facts by ticket, from its public staff replies.

    Returns:
        Frame [ticket with a public staff reply]: ticket_id, is_account_lookup, is_account_question,
        needs_account_facts (either).
    """
    public = redacted_comments["is_public"].fillna(False).astype(bool)
    staff = redacted_comments[(redacted_comments["author_role"] == "staff") & public]
    texts = staff["text"].fillna("")
    found = pd.DataFrame(
        {
            "ticket_id": staff["ticket_id"].to_numpy(),
            "is_account_lookup": [refers_to_account(text) for text in texts],
            "is_account_question": [asks_for_facts(text) for text in texts],
        }
    )
    found = found.astype({"is_account_lookup": bool, "is_account_question": bool})
    by_ticket = found.groupby("ticket_id", sort=True, as_index=False).any()
    by_ticket["needs_account_facts"] = by_ticket["is_account_lookup"] | by_ticket["is_account_question"]
    return by_ticket
