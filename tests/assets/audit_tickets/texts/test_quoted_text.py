"""Quotes and signatures go; what somebody wrote stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.audit_tickets.texts.html_text import html_to_text
from assets.audit_tickets.texts.quoted_text import is_email_channel, prune_quotes, strip_quotes


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        ("Broken.\n\nOn Mon, 3 Feb 2025 at 10:12, Ann Lee <a@b.example>\nwrote:\n\n> Try again\n> now", "Broken."),
        ("Geht nicht.\n\nAm Mo., 3. Feb. 2025 um 10:12 Uhr schrieb Hilfe <h@b.example>:\n> Bitte", "Geht nicht."),
        ("No va.\n\nEl lun, 3 feb 2025 a las 10:12, Soporte (<s@b.example>) escribió:\n> Prueba", "No va."),
        ("Yes.\n\n-----Original Message-----\nFrom: A\nSent: Monday\nTo: B\nSubject: x\n\nold", "Yes."),
        ("Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: A\nGesendet: Montag\n\nalt", "Ja."),
        ("Ok, danke euch.\n\n________________________________\nVon: A\nGesendet: Mo\nAn: B\nBetreff: x\n\nalt",
         "Ok, danke euch."),
        ("Vale.\n\nDe: A <a@b.example>\nEnviado el: lunes\nPara: B\nAsunto: x\n\nviejo", "Vale."),
        ("> Which version?\n128.1\n> And which system?\nWindows", "128.1\nWindows"),
        ("It fails.\n\n-- \nJo Park\nACME, +1 555 0100", "It fails."),
        ("It fails.\n\nSent from my iPhone", "It fails."),
        ("Es klappt nicht.\n\nMit freundlichen Grüßen\nJana Voss\nTel. 030 5550123", "Es klappt nicht."),
        ("No puedo pagar.\n\nUn saludo,\nEva", "No puedo pagar."),
        ("It fails.\n\nThanks,\nJo\n\nPS: my invoice is wrong too", "It fails.\n\nPS: my invoice is wrong too"),
    ],
)  # fmt: skip
def test_quotes_and_signatures_go(mail, own):
    assert strip_quotes(mail) == own


@pytest.mark.parametrize(
    "mail",
    [
        "Thanks for the help.\nBut one more question: how do I cancel?",
        "On Monday I wrote: hello to you. It does not work.",
        "Steps:\n- open\n- click\n- crash",
        "Saludos, tengo un problema con la factura.\nNo puedo pagar.",
        "I tried.\nThanks\nNow it says error 12. Can you help me please with this one?",
        "Look at this\n---------- Forwarded message ---------\nFrom: X\nDate: today\nSubject: Z\nTo: Y\n\nbroken",
        "> only a quote",
        "-----Original Message-----\nFrom: A\nSent: x\n\nold",
    ],
)
def test_what_is_no_quote_stays(mail):
    assert strip_quotes(mail) == mail


@given(
    st.lists(st.sampled_from(["> x", "On 3 Feb A wrote:", "--", "Thanks,", "From: a", "Sent: b", "To: c", "word", ""]))
)
def test_a_message_is_never_emptied(lines):
    mail = "\n".join(lines)
    assert bool(strip_quotes(mail).strip()) == bool(mail.strip())


@pytest.mark.parametrize(
    "html",
    [
        '<div>Still broken</div><div class="gmail_quote"><div class="gmail_attr">On 3 Feb, A wrote:<br></div>'
        '<blockquote class="gmail_quote">old</blockquote></div>',
        '<p>Still broken</p><blockquote type="cite"><p>old</p></blockquote>',
        '<p>Still broken</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: A</div><div>old</div>',
        '<p>Still broken</p><div class="moz-cite-prefix">On 3 Feb:</div><blockquote type="cite">old</blockquote>',
    ],
)
def test_marked_quotes_go(html):
    assert html_to_text(html, prune=prune_quotes) == "Still broken"


def test_answers_between_quotes_stay():
    html = '<div class="gmail_quote"><blockquote class="gmail_quote">Which?</blockquote><div>Version 9</div></div>'
    assert html_to_text(html, prune=prune_quotes) == "Version 9"


def test_a_forwarded_message_stays():
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>x</div>body</div>'
    )
    assert "body" in html_to_text(html, prune=prune_quotes)


def test_email_channels():
    assert all(map(is_email_channel, ("email", "E-Mail", "inbound_email", "Mail")))
    assert not any(map(is_email_channel, ("web", "chat", "", None)))


@pytest.mark.parametrize("mail", ["On " * 20_000, "On 1\n" * 20_000, "From: a\n" * 20_000, "--------\n" * 20_000])
def test_time_is_linear(mail):
    start = time.process_time()
    strip_quotes(mail)
    assert time.process_time() - start < 3
