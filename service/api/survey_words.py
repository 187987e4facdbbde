"""The words of the survey, in the languages a conversation may be in; English where we speak another one not.

Belongs here: texts and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyWords:
    """Every text of the page in one language."""

    title: str
    question: str
    good: str
    bad: str
    chosen: str
    thanks: str
    change: str
    comment: str
    send: str
    got_comment: str
    expired: str
    forged: str
    often: str


WORDS = {
    "en": SurveyWords(
        title="Your feedback",
        question="Did our answer help you?",
        good="Yes, it helped",
        bad="No, it did not",
        chosen="One tap to confirm:",
        thanks="Thank you! You answered:",
        change="Changed your mind?",
        comment="Would you like to tell us more? (optional)",
        send="Send",
        got_comment="Thank you, your words have arrived.",
        expired="This survey is over. Thank you for wanting to tell us all the same.",
        forged="This link is not complete. Please open it from our message once more.",
        often="Your answer has arrived, and was changed often enough. Thank you!",
    ),
    "de": SurveyWords(
        title="Ihre Rückmeldung",
        question="Hat Ihnen unsere Antwort geholfen?",
        good="Ja, das hat geholfen",
        bad="Nein, leider nicht",
        chosen="Bitte einmal bestätigen:",
        thanks="Vielen Dank! Ihre Antwort:",
        change="Anders entschieden?",
        comment="Möchten Sie uns mehr dazu sagen? (freiwillig)",
        send="Absenden",
        got_comment="Vielen Dank, Ihre Worte sind angekommen.",
        expired="Diese Umfrage ist abgelaufen. Danke, dass Sie uns trotzdem etwas sagen wollten.",
        forged="Dieser Link ist nicht vollständig. Bitte öffnen Sie ihn noch einmal aus unserer Nachricht.",
        often="Ihre Antwort ist angekommen und wurde oft genug geändert. Vielen Dank!",
    ),
    "es": SurveyWords(
        title="Su opinión",
        question="¿Le ha ayudado nuestra respuesta?",
        good="Sí, me ha ayudado",
        bad="No, no me ha ayudado",
        chosen="Confírmelo con un toque:",
        thanks="¡Gracias! Su respuesta:",
        change="¿Ha cambiado de opinión?",
        comment="¿Quiere contarnos algo más? (opcional)",
        send="Enviar",
        got_comment="Gracias, hemos recibido sus palabras.",
        expired="Esta encuesta ha terminado. Gracias por querer decírnoslo de todos modos.",
        forged="Este enlace no está completo. Ábralo otra vez desde nuestro mensaje, por favor.",
        often="Hemos recibido su respuesta y ya se ha cambiado bastantes veces. ¡Gracias!",
    ),
}


def words_in(language: str | None) -> tuple[str, SurveyWords]:
    """(language, words) for a conversation's language."""
    code = (language or "en").partition("-")[0].lower()
    return (code, WORDS[code]) if code in WORDS else ("en", WORDS["en"])
