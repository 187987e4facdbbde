"""Pages that hold everything they need: one HTML text, no script, no font, image or style from elsewhere.

Belongs here: rendering a template with the shared style and a content security policy. Does not belong here: any page's
content (``roadmap_page``, later stages' pages).

Names and ticket texts are hostile input: everything is escaped by the template engine, pictures are data URIs, and the
policy allows nothing but them and one style block named by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

PACKAGE = "assets.audit_tickets.pages"


@dataclass(frozen=True)
class PageTemplates:
    """Where a page's templates lie: package, the HTML, and the style that comes after the shared one."""

    package: str
    page: str
    style: str


def render_page(templates: PageTemplates, colours: Mapping[str, str], **values: Any) -> str:
    """Fill a page's template; it gets ``style`` and ``policy`` besides ``values``.

    Raises:
        jinja2.UndefinedError: the template asks for a value that was not given.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    sources = (template(PACKAGE, "page.css.j2"), template(templates.package, templates.style))
    style = "\n".join(environment.from_string(source).render(colours=colours).strip() for source in sources) + "\n"
    page = environment.from_string(template(templates.package, templates.page))
    return page.render(style=_Trusted(style), policy=policy(style), **values)


def template(package: str, name: str) -> str:
    """The text of a template."""
    return (files(package) / "templates" / name).read_text(encoding="utf-8")


def policy(style: str) -> str:
    """A content security policy that allows data URIs as pictures and this one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


class _Trusted:
    """Our own style sheet, the one text a template may insert unescaped."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __html__(self) -> str:
        return self.text
