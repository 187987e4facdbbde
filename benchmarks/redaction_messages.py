"""Invented support messages with personal data at known places, for `benchmarks.redaction`.

Every person, number and address is made up (or reserved for examples) and drawn by seed. The sentences were written to
sound like customers, not to fit the rules: some give no hint at all that a number is a phone number, some are in small
letters throughout, some run on without punctuation. `NEGATIVES` look like personal data and must survive.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from string import ascii_letters
from typing import NamedTuple

from benchmarks import redaction_values as invented


class Message(NamedTuple):
    """A message, its labelled values as (kind, value), and the display names the helpdesk knows."""

    text: str
    values: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    language: str


SENTENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "EMAIL": {
        "en": ("you can write me back on {}", "My login is {} but it says no such user.",
        "Please change the address from {} to the new one",
               "invoice went to {}, thats my ex colleague", "({}) is what i signed up with", "Contact:{}",
               "cc'd {};please keep them in"),
        "de": ("Ich habe mich mit {} registriert.", "Bitte künftig an {} schicken!", "meine mail:{}",
        "Der Nutzer {} kommt nicht rein"),
        "es": ("Mi correo es {}.", "Escribidme a {} por favor", "la cuenta {} está bloqueada"),
    },
    "PHONE": {
        "en": ("Call me at {} after five.", "my cell's {}", "You can also reach my husband, {}, he set it up",
        "Tel. {}", "{} is the best number for me",
               "I never got the text message on {}", "ring the office ({}) please", "thanks\n{}"),
        "de": ("Rufen Sie mich bitte unter {} zurück.", "Handy {}", "Ich bin tagsüber unter {} erreichbar",
        "Tel.: {}", "die SMS an {} kam nie an"),
        "es": ("Mi teléfono es {}", "Llámame al {} mañana", "móvil: {}", "el código no llega al {}"),
    },
    "CARD": {
        "en": ("the card I used is {}", "you charged {} twice!!", "Card number {} exp 09/27"),
        "de": ("Abgebucht von der Karte {}.", "Kreditkarte: {}"),
        "es": ("Pagué con la tarjeta {}", "han cobrado dos veces en {}"),
    },
    "IBAN": {
        "en": ("Refund it to {} please", "our bank details: {}", "IBAN {}"),
        "de": ("Bitte auf {} erstatten.", "Meine IBAN lautet {}", "Konto {}"),
        "es": ("Devolución a {}", "el IBAN es {}"),
    },
    "IP": {
        "en": ("blocked from {} since noon", "Our office IP is {}.", "requests from [{}] time out",
        "login from {} wasn't me"),
        "de": ("Zugriff von {} wird abgelehnt", "Unsere IP: {}"),
        "es": ("no conecta desde {}", "la IP {} está bloqueada"),
    },
    "ID": {
        "en": ("My order number is {}", "order #{} never arrived", "Customer ID: {}", "Passport no. {} expired",
        "regarding invoice no {}", "account number {} please"),
        "de": ("Meine Kundennummer lautet {}", "Bestellnummer: {}", "Rechnungsnr. {} ist falsch",
        "Vertragsnummer {}", "Personalausweisnummer {}"),
        "es": ("El número de pedido es {}", "factura nº {}", "Mi DNI es {}", "número de cliente: {}"),
    },
    "ADDRESS": {
        "en": ("Ship it to {}.", "We moved to {} last month", "I live at {}, same as before", "Billing address: {}"),
        "de": ("Ich wohne in der {}.", "Neue Anschrift: {}", "Bitte an {} senden"),
        "es": ("Vivo en {}.", "La dirección es {}", "enviad la factura a {}"),
    },
    "NAME": {
        "en": ("Hi, {} here again.", "This is {}.", "my name is {} and I run the account", "Regards,\n{}",
        "Thanks - {}", "Dear Ms. {},", "{}'s account is locked",
               "I spoke to {} yesterday", "signed in as {}"),
        "de": ("Ich heiße {}.", "Mit freundlichen Grüßen\n{}", "Liebe Grüße, {}", "Sehr geehrte Frau {},",
        "Das Konto von {} ist gesperrt"),
        "es": ("Me llamo {}.", "Un saludo,\n{}", "Soy {} otra vez", "Hola {},", "la cuenta de {} no funciona"),
    },
    "SECRET": {
        "en": ("my password is {}", "pw: {}", "I use \"{}\" as the password", "Password = {} and it still fails",
        "login with password {} does not work"),
        "de": ("Mein Passwort ist {}", "Passwort: {}", "Kennwort lautet {}"),
        "es": ("mi contraseña es {}", "Contraseña: {}", "la clave es {}"),
    },
    "KEY": {
        "en": ("here is our key {}", "Authorization: Bearer {}", "curl -H 'X-Api-Key: {}'"),
        "de": ("unser API-Schlüssel {} geht nicht",),
        "es": ("la clave API {} da error",),
    },
    "URL_TOKEN": {
        "en": ("the link https://app.example.com/reset?token={}&lang=en is dead",
        "https://app.example.com/invite/{} says expired"),
        "de": ("Der Link https://app.example.com/login?key={} geht nicht",),
        "es": ("el enlace https://app.example.com/confirm/{} no abre",),
    },
}  # fmt: skip

NEGATIVES: tuple[str, ...] = (
    "Thunderbird 128.7.1esr (64-bit)", "version {a}.{b}.{c}.{d}", "Windows 10.0.19045.{e}", "build 20250{a}12093355",
    "error 0x8007{e}", "imap.example.com port 993",
    "smtp.example.com:587", "2025-0{s}-1{s} 14:3{s}:05", "1{s}.0{s}.2025", "0{s}/1{s}/2024", "$1,2{s}9.00",
    "€ {e}.50", "{e}.99 EUR", "Bug 1{e}823", "KB50{e}1", "CVE-2024-{e}",
    "ticket #8{e}21", "RFC 5322", "ISO 8601", "section 4.5.3.1", "1920x1080@60Hz", "{e} MB of {e} MB",
    "12:0{s} - 13:4{s}", "error code 550 5.7.26", "exit code {e}",
    "SHA-256", "100,000 messages", "Node 20.11.{s}", "Python 3.11.{s}", "iOS 17.{s}.1", "Chrome/126.0.0.0",
    "rv:133.0", "127.0.0.1:8080", "255.255.255.0", "icon@2x.png",
    "@media screen", "about:config", "localhost:3000", "plan Pro 50", "50 seats at 12.00", "file_2024_0{s}.csv",
    "row 1{e}", "100 %", "May I ask", "Will it work", "the mark as read button",
    "rose by 20 %", "a young team", "chapter 12-3", "2023/2024", "9-5 support", "24/7", "password is incorrect",
    "Password: required", "reset my password 3 times",
    "the pin icon", "token expired", "API key is missing", "the König pattern", "Sonntag um 8", "el lunes a las 10",
    "am Montag, 3 Uhr", "Platz 3", "1 TB Drive", "Way too slow",
    "order by date", "account 2 of 3", "customer since 2019", "invoice for 2024", "Europe/Berlin", "GB", "DE",
    "card ending", "https://help.example.com/articles/360012{e}-setup",
    "https://example.com/search?q=calendar+sync&page=2", "v2.{s}.0-rc.{s}", "10.4.{s}", "ratio 16:9", "10:30:15",
    "uid=1000(user)", "item 3-2-1",
)  # fmt: skip
NEGATIVE_FRAMES = {
    "en": ("It happens with {} every time.", "I see {} in the window", "We have {} now, is that right?", "{}"),
    "de": ("Das passiert mit {} immer.", "Ich sehe {} im Fenster", "Bei uns steht {}."),
    "es": ("Pasa con {} siempre.", "Veo {} en la ventana"),
}
FILLERS = {
    "en": (
        "Hello,\n",
        "hi there, ",
        "",
        "It stopped working after the update. ",
        "sorry to bother you again but ",
        "Good morning.\n\n",
    ),
    "de": ("Guten Tag,\n", "Hallo zusammen, ", "", "Seit dem Update geht nichts mehr. ", "nochmal ich, "),
    "es": ("Hola,\n", "Buenos días. ", "", "Desde la actualización no funciona. "),
}
ENDINGS = {
    "en": ("", " Any idea?", " Thanks in advance!", "\n\nThe app is slow too.", " - it was fine yesterday"),
    "de": ("", " Was tun?", " Danke im Voraus!", "\n\nDie App ist auch langsam."),
    "es": ("", " ¿Qué hago?", " Gracias de antemano.", "\n\nLa aplicación va lenta."),
}


def labelled_messages(rng: random.Random, per_kind: int) -> list[Message]:
    """Return messages with one or two labelled values each, `per_kind` for every kind of `SENTENCES`."""
    makers: dict[str, Callable[[str], str]] = {
        "EMAIL": lambda _: invented.email(rng), "PHONE": lambda _: invented.phone(rng),
        "CARD": lambda _: invented.card(rng),
        "IBAN": lambda _: invented.iban(rng),
        "IP": lambda _: invented.ip(rng), "ID": lambda language: invented.id_number(rng, language),
        "ADDRESS": lambda language: invented.address(rng, language),
        "SECRET": lambda _: invented.secret(rng), "KEY": lambda _: invented.key(rng),
        "URL_TOKEN": lambda _: "".join(rng.choice(ascii_letters) for _ in range(20)) + invented.digits(rng, 6),
    }  # fmt: skip
    messages = []
    for kind, by_language in SENTENCES.items():
        for _ in range(per_kind):
            language = rng.choices(("en", "de", "es"), (0.6, 0.25, 0.15))[0]
            first, last = rng.choice(invented.FIRST), rng.choice(invented.LAST)
            values = []
            names: tuple[str, ...] = ()
            body = ""
            if kind == "NAME":
                names = (f"{first} {last}",)
                value = rng.choice(
                    (first, last, f"{first} {last}", f"{first} {last}", f"{last}, {first}", f"{first} {last[0]}.")
                )
            else:
                value = makers[kind](language)
            body += rng.choice(by_language[language]).format(value)
            values.append((kind, value))
            if rng.random() < 0.25 and kind != "EMAIL":
                second = invented.email(rng)
                body += rng.choice((" / ", ". ", "\n", " ")) + rng.choice(SENTENCES["EMAIL"][language]).format(second)
                values.append(("EMAIL", second))
            text = rng.choice(FILLERS[language]) + body + rng.choice(ENDINGS[language])
            if rng.random() < 0.1 and kind in ("PHONE", "IP", "ADDRESS"):
                text = text.replace("\n", " ")
            messages.append(Message(text, tuple(values), names, language))
    return messages


def negative_messages(rng: random.Random, count: int) -> list[Message]:
    """Return messages without personal data, each holding one thing that looks like it (`values` = [("KEPT", …)])."""
    messages = []
    for number in range(count):
        language = rng.choices(("en", "de", "es"), (0.6, 0.25, 0.15))[0]
        pattern = NEGATIVES[number % len(NEGATIVES)]
        value = pattern.format(
            a=rng.randint(1, 9),
            b=rng.randint(0, 20),
            c=rng.randint(0, 9),
            d=rng.randint(0, 200),
            e=rng.randint(1000, 9999),
            s=rng.randint(1, 9),
        )
        text = (
            rng.choice(FILLERS[language])
            + rng.choice(NEGATIVE_FRAMES[language]).format(value)
            + rng.choice(ENDINGS[language])
        )
        name = f"{rng.choice(invented.FIRST)} {rng.choice(invented.LAST)}"
        messages.append(Message(text, (("KEPT", value),), (name,), language))
    return messages
