"""Every page shares one style, one policy, and one way of escaping."""

import base64
import hashlib

import pytest
from jinja2 import UndefinedError

from assets.audit_tickets.pages.self_contained_page import PageTemplates, policy, render_page, template
from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS

ROADMAP = PageTemplates("assets.audit_tickets.roadmap", "roadmap.html.j2", "roadmap.css.j2")
BEHAVIOR = PageTemplates("assets.configure_behavior.behavior", "behavior.html.j2", "behavior.css.j2")


def test_the_policy_names_this_style_and_nothing_else():
    digest = base64.b64encode(hashlib.sha256(b"p { margin: 0 }").digest()).decode()
    assert policy("p { margin: 0 }") == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("templates", [ROADMAP, BEHAVIOR])
def test_a_value_that_is_missing_is_an_error_and_no_gap(templates):
    with pytest.raises(UndefinedError):
        render_page(templates, BUCKET_COLOURS)


@pytest.mark.parametrize("templates", [ROADMAP, BEHAVIOR])
def test_styles_come_from_nowhere_else(templates):
    for source in (template("assets.audit_tickets.pages", "page.css.j2"), template(templates.package, templates.style)):
        assert "url(" not in source
        assert "@import" not in source


def test_a_rule_stands_in_one_style_only():
    shared = set(template("assets.audit_tickets.pages", "page.css.j2").splitlines())
    for templates in (ROADMAP, BEHAVIOR):
        own = set(template(templates.package, templates.style).splitlines())
        assert not {line for line in shared & own if not line.startswith("@media") and line != "}"}
