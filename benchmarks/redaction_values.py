"""Invented people, numbers and secrets for `benchmarks.redaction_messages`, drawn by seed.

Addresses and numbers are made up or reserved for examples (RFC 2606, RFC 5737, 555-01xx, 07700 900xxx); cards and
accounts have right check digits and no owner.
"""

from __future__ import annotations

import random
import string


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    """
    Annika Tomasz Ingrid Beatriz Oluwaseun Priya Matteo Yusuf Siobhán Grzegorz Lucía Jürgen Mark Rose Will Noor
    Katarzyna Åsa Dmitri Chloé
    """
)
LAST = _words(
    """
    Lindqvist Okonkwo Ferreira Zielińska Abernathy Castellanos Brandstätter Young Müller-Voss O'Hanlon Kaur Nakamura
    Petrov Delgado König Baker Haugland Fontaine Ibáñez Szabó
    """
)
HOSTS = (
    "example.org",
    "example.com",
    "mail.example.net",
    "grünwerk.example",
    "post.acme-widgets.example",
    "example.co.uk",
)
CITIES = {
    "en": ("Springfield", "Leeds", "Portland"),
    "de": ("Lüneburg", "Bad Homburg", "Wien"),
    "es": ("Zaragoza", "San Sebastián", "Cádiz"),
}


def digits(rng: random.Random, count: int) -> str:
    """Return that many digits."""
    return "".join(rng.choice(string.digits) for _ in range(count))


def email(rng: random.Random) -> str:
    """Return an e-mail address, now and then disguised."""
    first, last = rng.choice(FIRST).lower(), rng.choice(LAST).lower().replace("'", "").replace("-", "")
    local = rng.choice((f"{first}.{last}", f"{first[0]}{last}", f"{last}_{first}", f"{first}+shop",
     f"{first}{digits(rng, 2)}",
                        f"{first}-{last}", f"_{first}_", f"INFO.{last.upper()}"))  # fmt: skip
    host = rng.choice(HOSTS)
    return rng.choice(
        (f"{local}@{host}",) * 9
        + (f"<{local}@{host}>".strip("<>"), f"{local} [at] {host}", f"{local}(at){host.replace('.', '(dot)')}",
           f"{local} at {host.replace('.', ' dot ')}", f"{local} @ {host}", f"{local}%40{host}")
    )  # fmt: skip


def phone(rng: random.Random) -> str:
    """Return a phone number as people write it in several countries."""
    return rng.choice(
        (
            f"+49 30 5550 {digits(rng, 4)}", f"+4915150{digits(rng, 6)}", f"0171/555{digits(rng, 4)}",
            f"(030) 5550{digits(rng, 3)}",
            f"+1 555 01{digits(rng, 2)} {digits(rng, 3)}", f"(206) 555-01{digits(rng, 2)}",
            f"206-555-01{digits(rng, 2)}",
            f"206.555.01{digits(rng, 2)}", f"206 555 01{digits(rng, 2)}", f"1-800-555-01{digits(rng, 2)}",
            f"+44 20 7946 0{digits(rng, 3)}",
            f"07700 900{digits(rng, 3)}", f"020 7946 0{digits(rng, 3)}",
            f"+34 612 {digits(rng, 3)} {digits(rng, 3)}",
            f"612 {digits(rng, 3)} {digits(rng, 3)}",
            f"91 {rng.randint(200, 999)} {digits(rng, 2)} {digits(rng, 2)}", f"0034 6{digits(rng, 8)}",
            f"+43 664 {digits(rng, 3)} {digits(rng, 4)}", f"2065550{digits(rng, 3)}",
            f"+33 6 39 98 {digits(rng, 2)} {digits(rng, 2)}",
        )
    )  # fmt: skip


def _luhn_complete(head: str) -> str:
    total = sum(sum(divmod(int(d) * 2, 10)) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(head)))
    return head + str(-total % 10)


def card(rng: random.Random) -> str:
    """Return a card number with a right check digit."""
    if rng.random() < 0.2:
        number = _luhn_complete("37" + digits(rng, 12))
        return f"{number[:4]} {number[4:10]} {number[10:]}"
    number = _luhn_complete(rng.choice(("4", "51", "6011")).ljust(4, "0") + digits(rng, 11))
    return rng.choice(("", " ", "-")).join(number[n : n + 4] for n in range(0, 16, 4))


def iban(rng: random.Random) -> str:
    """Return an account number with a right checksum."""
    country, length = rng.choice((("DE", 18), ("ES", 20), ("AT", 16), ("FR", 23), ("NL", 0)))
    body = digits(rng, length) if length else "ABNA" + digits(rng, 10)
    check = 98 - int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    iban = f"{country}{check:02d}{body}"
    return rng.choice((iban, iban.lower(), " ".join(iban[n : n + 4] for n in range(0, len(iban), 4))))


def ip(rng: random.Random) -> str:
    """Return an address from a range reserved for documentation, or a private one."""
    return rng.choice(
        (
            f"203.0.113.{rng.randint(1, 254)}", f"198.51.100.{rng.randint(1, 254)}",
            f"192.168.{rng.randint(0, 9)}.{rng.randint(2, 254)}",
            f"2001:db8:{rng.randint(1, 9999)}::{rng.randint(1, 9)}:{rng.randint(10, 99)}",
            f"2001:0db8:85a3:0000:0000:8a2e:0370:{rng.randint(1000, 9999)}",
        )
    )  # fmt: skip


def id_number(rng: random.Random, language: str) -> str:
    """Return an order, customer or identity number."""
    dni = rng.randint(10_000_000, 99_999_999)
    return rng.choice(
        (f"{digits(rng, 3)}-{digits(rng, 7)}-{digits(rng, 7)}", f"ORD-{digits(rng, 6)}",
         f"R{rng.randint(2020, 2026)}/{digits(rng, 5)}",
         f"8{digits(rng, 7)}", f"{rng.choice('CKLX')}{digits(rng, 8)}")
        + ((f"{dni}{'TRWAGMYFPDXBNJZSQVHLCKE'[dni % 23]}",) if language == "es" else ())
    )  # fmt: skip


def address(rng: random.Random, language: str) -> str:
    """Return a street and a town as they are written in that language."""
    city = rng.choice(CITIES[language])
    if language == "de":
        street = rng.choice(
            ("Lindenstraße", "Am Stadtgraben", "Goethestr.", "Karl-Marx-Allee", "Hinterer Mühlweg", "Marktplatz")
        )
        return f"{street} {rng.randint(1, 180)}{rng.choice(('', 'a', ' b'))}, {digits(rng, 5)} {city}"
    if language == "es":
        street = rng.choice(
            ("Calle Mayor", "C/ de la Reina", "Avenida de los Pinos", "Plaza del Olmo", "Paseo Marítimo")
        )
        number, floor = f"{rng.choice(('', 'nº '))}{rng.randint(1, 90)}", rng.choice(("", "3º B, "))
        return f"{street} {number}, {floor}{digits(rng, 5)} {city}"
    house, road = (
        rng.randint(1, 9800),
        rng.choice(("Maple Street", "Old Mill Rd", "N Harbor Blvd", "St. Clement's Close", "5th Avenue")),
    )
    tail = rng.choice((f"{city}, OR {digits(rng, 5)}", f"{city} LS{rng.randint(1, 9)} {rng.randint(1, 9)}AB", city))
    return f"{house} {road}{rng.choice(('', ', Apt 4B'))}, {tail}"


def secret(rng: random.Random) -> str:
    """Return a password."""
    letters = string.ascii_letters
    word = rng.choice(("Sommer", "tiger", "Pa55w0rt", "Lluvia", "qwertz", "correcthorse"))
    return rng.choice((f"{word}{digits(rng, 3)}!", f"{word}#{digits(rng, 2)}", f"{word}{digits(rng, 4)}",
                       "".join(rng.choice(letters + string.digits) for _ in range(9)) + "7$"))  # fmt: skip


def key(rng: random.Random) -> str:
    """Return an API key or token."""
    tail = "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(30))
    return rng.choice((f"sk_live_{tail[:24]}", f"ghp_{tail}{tail[:6]}", f"AKIA{tail[:16].upper()}",
                       f"eyJhbGciOiJIUzI1NiJ9.{tail}.{tail[:20]}"))  # fmt: skip
