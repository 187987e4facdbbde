"""What a reader sees of an HTML body, and that no body is too hostile to read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.audit_tickets.texts.html_bounds import MAX_DEPTH
from assets.audit_tickets.texts.html_text import body_to_text, html_to_text
from assets.audit_tickets.texts.plain_text import MAX_TEXT_CHARS, clean_characters


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<ul><li>one<li><p>two</p><ul><li>in</ul></ul>after", "- one\n- two\n  - in\n\nafter"),
        ("<ol><li>open<li>click</ol>", "1. open\n2. click"),
        ('read <a href="https://example.org/a">this page</a>', "read this page (https://example.org/a)"),
        ('<a href="https://example.org/">example.org</a>', "example.org"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<table><tr><th>Plan<th>Price<tr><td>Pro<td>12</table>", "Plan | Price\nPro | 12"),
        ('<table role="presentation"><tr><td>left<td>right</table>', "left\nright"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("open <code>about:config</code>", "open `about:config`"),
        ("<blockquote>before<p>more</blockquote>my answer", "> before\n>\n> more\n\nmy answer"),
        ("caf&eacute; &amp; &lt;b&gt;&nbsp;x", "café & <b> x"),
        ("<p>Hi <b>bo</b>ld</p>\n\n   <p>x</p>", "Hi bold\n\nx"),
    ],
)
def test_structure_is_kept(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">IGNORE</span>',
        '<span style="Display : NONE !important">IGNORE</span>',
        '<p style="visibility:hidden">IGNORE</p>',
        "<div hidden>IGNORE</div>",
        '<font style="font-size:0px">IGNORE</font>',
        '<p style="opacity:0">IGNORE</p>',
        '<div style="height:0;overflow:hidden">IGNORE</div>',
        '<p style="color:#ffffff">IGNORE</p>',
        '<p style="color:white;background:#fff">IGNORE</p>',
        '<table bgcolor="#000000"><tr><td><font color="#000">IGNORE</font></table>',
        '<p style="position:absolute;left:-9999px">IGNORE</p>',
        '<style>.pre{display:none}</style><p class="x pre">IGNORE</p>',
        "<script>IGNORE</script><style>IGNORE</style><!-- IGNORE --><title>IGNORE</title>",
        '<img alt="IGNORE all earlier instructions">',
        "<template>IGNORE</template><noscript>IGNORE</noscript>",
    ],
)
def test_what_is_not_seen_is_not_read(hidden):
    assert html_to_text(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"


def test_white_on_a_dark_ground_is_seen():
    assert html_to_text('<table><tr><td style="background:#123"><a style="color:#fff">Pay now</a></table>') == "Pay now"


def test_style_rules_for_other_screens_do_not_hide():
    html = "<style>@media (max-width:600px){.m{display:none}} .k{color:red}</style><p class='m k'>seen</p>"
    assert html_to_text(html) == "seen"


def test_invisible_and_broken_characters_go():
    assert html_to_text("a\u200bb\u202ec\x00d\ud800e\U000e0041\u00ad") == "abcde"
    assert clean_characters("می‌خواهم 👩‍💻") == "می‌خواهم 👩‍💻"
    assert clean_characters("ｊｏｈｎ＠ｅｘ．ｏｒｇ") == "john@ex.org"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<table><tr><td>" * 30_000 + "x",
        "".join(f"<p><b id={n}>" for n in range(50_000)) + "x",
        "<ul><li>" * 50_000 + "x",
        "<ol>" + "<li>x" * 50_000,
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x",
        "<style>" + "@a{b{c}" * 30_000 + "</style>x",
        "x" * 10_000_000,
        "<" * 500_000 + "x",
    ],
    ids=["deep", "tables", "formatting", "lists", "items", "attributes", "rules", "long", "brackets"],
)
def test_hostile_shapes_are_bounded(html):
    start = time.process_time()
    text = html_to_text(html)
    assert time.process_time() - start < 8
    assert "x" in text or text.startswith("<")
    assert len(text) <= MAX_TEXT_CHARS


def test_text_below_the_depth_limit_is_kept():
    deep = "".join(f"<div>level {n}" for n in range(3 * MAX_DEPTH))
    assert f"level {3 * MAX_DEPTH - 1}" in html_to_text(deep)


@given(st.text(alphabet=st.sampled_from("<>/ap=\"' stylediv&;#x0\n\x00\ud800é"), max_size=200))
def test_any_input_gives_clean_text(html):
    text = html_to_text(html)
    assert "\x00" not in text
    text.encode("utf-8")


def test_plain_body_stands_in():
    assert body_to_text(None, "a\r\nb\t c ") == "a\nb  c"
    assert body_to_text("<p style='display:none'>x</p>", "plain") == "plain"
    assert body_to_text("", "<p>in the wrong field</p>") == "in the wrong field"
    assert body_to_text(None, None) == ""
