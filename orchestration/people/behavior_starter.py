"""The behavior spec a desk starts with, in the desk's languages.

Belongs here: filling the starter. Does not belong here: its text (``templates/behavior.yaml``), checking it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

GREETING = {"en": "Hello {name},", "de": "Guten Tag {name},", "es": "Hola, {name}:", "fr": "Bonjour {name},"}
CLOSING = {
    "en": "Kind regards,\n{agent}",
    "de": "Freundliche Grüße\n{agent}",
    "es": "Un saludo,\n{agent}",
    "fr": "Cordialement,\n{agent}",
}
MESSAGE = {
    "en": "Thank you. A colleague takes over from here and answers you in this conversation.",
    "de": "Danke. Ab hier übernimmt eine Kollegin oder ein Kollege und antwortet Ihnen hier.",
    "es": "Gracias. A partir de aquí se ocupa una persona del equipo y te responde en esta conversación.",
    "fr": "Merci. Une personne de l'équipe prend le relais et vous répond ici.",
}


def starter_behavior(company: str, languages: Sequence[str]) -> str:
    """The text of a ``behavior.yaml`` to start from; texts in a language that has none here stay to be written."""
    text = (files("orchestration.people") / "templates" / "behavior.yaml").read_text(encoding="utf-8")
    spoken = list(dict.fromkeys([*languages])) or ["en"]
    spoken += [] if "en" in spoken else ["en"]  # its example replies are in English
    filled = {
        "%description%": json.dumps(
            f"The assistant of {' '.join(company.split())}. Says that it is software when asked, and hands over instead of "
            "guessing.",
            ensure_ascii=False,
        ),
        "%languages%": f"[{', '.join(spoken)}]",
        "%greeting%": _texts(GREETING, spoken),
        "%closing%": _texts(CLOSING, spoken),
        "%message%": _texts(MESSAGE, spoken),
    }
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text


def _texts(texts: dict[str, str], languages: Sequence[str]) -> str:
    known = [f"{one}: {json.dumps(texts[one], ensure_ascii=False)}" for one in languages if one in texts]
    return f"{{{', '.join(known)}}}"
