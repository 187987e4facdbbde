"""Invented people, companies and data: only addresses and numbers that are reserved for fiction and documentation."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from brindle.texts import block, mark

CARDS = [
    "4242 4242 4242 4242",
    "4111 1111 1111 1111",
    "5555 5555 5555 4444",
    "5105105105105100",
    "3782 822463 10005",
]
IBANS = [
    "DE89 3704 0044 0532 0130 00",
    "GB82 WEST 1234 5698 7654 32",
    "ES91 2100 0418 4502 0005 1332",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NL91ABNA0417164300",
    "AT611904300234573201",
]
STREETS = [
    "{n} Mill Lane, Little Fenwick, ZZ9 {d}AB",
    "{n} Heron Court, Ashbourne Vale, ZZ99 {d}XY",
    "{n} Willow Walk, Springfield, XX 0000{d}",
]
STREETS_DE = ["Musterweg {n}, 0000{d} Beispielstadt", "Am Lindenhain {n}, 0000{d} Musterhausen"]
STREETS_ES = ["Calle de la Muestra {n}, 0000{d} Villaejemplo"]
LOCALES = {
    "en": ["en-GB", "en-US", "en-US", "en-GB", "en-IE"],
    "de": ["de-DE", "de-DE", "de-AT"],
    "es": ["es-ES", "es-MX"],
}
BROWSERS = ["Chrome", "Firefox", "Safari", "Edge", "Chrome 123", "Firefox 124"]
DEVICES = {
    "windows": ["my Windows laptop", "a Windows PC", "Windows 11"],
    "macos": ["my MacBook", "an iMac", "macOS"],
    "ios": ["my iPhone", "an iPad"],
    "android": ["my Android phone", "a Galaxy tablet"],
    "linux": ["Ubuntu", "a Linux machine"],
}
PLAIN_DEVICE = {
    "windows": "Windows 11",
    "macos": "MacBook",
    "ios": "iPhone",
    "android": "Android",
    "linux": "Linux",
}
DESKTOP = [("2025-11-01", "7.1.2"), ("2026-01-10", "7.1.4"), ("2026-03-02", "7.2.0"), ("2026-03-20", "7.2.1")]
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}


@dataclass
class Person:
    """A customer. ``key`` is stable; the account facts (plan, sso, os) do not change."""

    key: int
    first: str
    last: str
    email: str
    language: str
    locale: str
    company: str
    domain: str
    phone: str
    plan: str
    sso: bool
    os: str
    workspace: str
    seats: int
    habits: dict[str, Any] = field(default_factory=dict)
    signature: int = 0

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def ascii_of(text: str) -> str:
    """Lower-case ASCII letters of a name, for addresses."""
    swapped = text.lower().replace("ö", "oe").replace("ä", "ae").replace("ü", "ue").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", swapped).encode("ascii", "ignore").decode()
    return "".join(c for c in plain if c.isalnum())


def phone_number(rng: random.Random, language: str) -> str:
    """A number from a range reserved for drama (NANP 555-01xx, Ofcom, Bundesnetzagentur) in one of many spellings."""
    n = rng.randrange(1000)
    if language == "de":
        return rng.choice([f"030 23125 {n:03d}", f"+49 30 23125 {n:03d}", f"0171 39200 {n % 100:02d}"])
    if rng.random() < 0.5:
        return rng.choice([f"+44 20 7946 0{n:03d}", f"020 7946 0{n:03d}", f"+44 7700 900{n:03d}", f"07700 900{n:03d}"])
    area = rng.choice(["212", "303", "617", "808"])
    return rng.choice(
        [f"+1 {area} 555 01{n % 100:02d}", f"({area}) 555-01{n % 100:02d}", f"{area}-555-01{n % 100:02d}"]
    )


def new_person(rng: random.Random, common: dict[str, Any], key: int, language: str, taken: set[str]) -> Person:
    """Invent a person with an e-mail address not in ``taken`` (which grows). The caller sets the account facts."""
    first = rng.choice(common["first_names"][language].split())
    last = rng.choice(common["last_names"][language].split())
    suffix = "" if language == "en" else f"_{language}"
    company, domain = rng.choice(block(common, f"companies{suffix}")).split("|")
    if rng.random() < 0.3:
        domain = rng.choice(["mailbox.example", "postbox.example", "inbox.example.org"])
    base = rng.choice(
        [
            f"{ascii_of(first)}.{ascii_of(last)}",
            f"{ascii_of(first)[0]}{ascii_of(last)}",
            ascii_of(first) + ascii_of(last)[:1],
        ]
    )
    email = f"{base}@{domain}"
    while email in taken:
        email = f"{base}{rng.randrange(2, 99)}@{domain}"
    taken.add(email)
    lower = rng.random()
    habits = {
        "lower": lower < 0.12,
        "no_stop": lower < 0.08,
        "shout": False,
        "typos": rng.choices([0, 1, 2, 4], [0.66, 0.2, 0.1, 0.04])[0],
    }
    return Person(
        key,
        first,
        last,
        email,
        language,
        rng.choice(LOCALES[language]),
        company,
        domain,
        phone_number(rng, language),
        "free",
        False,
        "windows",
        rng.choice(block(common, "workspaces")),
        rng.choice([3, 4, 5, 6, 8, 9, 12, 15, 18, 24, 40]),
        habits,
        rng.randrange(100),
    )


def money(rng: random.Random, low: int, high: int) -> str:
    """An amount in one of the usual spellings."""
    n = rng.randrange(low, high)
    return rng.choice([f"€{n}", f"${n}", f"{n} euros", f"{n} EUR", f"€{n}.00", f"£{n}"])


def order_id(rng: random.Random) -> str:
    """An order id of Brindlebase."""
    return f"BB-2026-{rng.randrange(10000, 99999):06d}"


def slots_for(person: Person, common: dict[str, Any], staff: str, created: int) -> dict[str, Any]:
    """Values for the slots in texts by and to ``person`` at ``created`` (epoch seconds); personal data comes marked."""
    moment = datetime.fromtimestamp(created, UTC)
    month, day = moment.month, moment.date().isoformat()
    versions = [v for since, v in DESKTOP if since <= day][-2:]
    devices = DEVICES[person.os] if person.language == "en" else [PLAIN_DEVICE[person.os]]
    other = common["teammates"].split()
    streets = {"en": STREETS, "de": STREETS_DE, "es": STREETS_ES}[person.language]

    def before(language: str) -> Any:
        return lambda r: MONTHS[language][(month - r.randrange(2, 4)) % 12]

    def second_mail(rng: random.Random) -> str:
        mate = rng.choice(["accounts", "office", "billing", *map(ascii_of, other)])
        return mark("email", f"{mate}{rng.choice(['', '', '1', '.b'])}@{person.domain}")

    return {
        "first": mark("name", person.first),
        "name": mark("name", person.name),
        "company": person.company,
        "domain": person.domain,
        "email": mark("email", person.email),
        "email2": second_mail,
        "phone": mark("phone", person.phone),
        "teammate": lambda r: mark("other_name", r.choice(other)),
        "workspace": person.workspace,
        "seats": person.seats,
        "staff": mark("staff_name", staff.split()[0]),
        "plan": person.plan,
        "card": lambda r: mark("card", r.choice(CARDS)),
        "iban": lambda r: mark("iban", r.choice(IBANS)),
        "ip": lambda r: mark(
            "ip",
            r.choice(
                [
                    f"192.0.2.{r.randrange(1, 255)}",
                    f"198.51.100.{r.randrange(1, 255)}",
                    f"203.0.113.{r.randrange(1, 255)}",
                    f"2001:db8::{r.randrange(1, 999):x}",
                ]
            ),
        ),
        "order": lambda r: mark("order_id", order_id(r)),
        "invoice": lambda r: mark("invoice_id", f"INV-2026-{r.randrange(1000, 9999):05d}"),
        "address": lambda r: mark("address", r.choice(streets).format(n=r.randrange(1, 90), d=r.randrange(1, 9))),
        "amount": lambda r: money(r, 11, 140),
        "amount_big": lambda r: money(r, 240, 2400),
        "day": lambda r: r.randrange(4, 21),
        "month": before("en"),
        "month_de": before("de"),
        "month_es": before("es"),
        "date": lambda r: f"{r.randrange(4, 28)} {MONTHS[person.language][month % 12]}",
        "doc": lambda r: r.choice(block(common, "docs")),
        "city": lambda r: r.choice(common["cities"].split()),
        "browser": lambda r: r.choice(BROWSERS),
        "device": lambda r: r.choice(devices),
        "desktop_version": lambda r: r.choice(versions),
        "mobile_version": lambda r: r.choice(["5.0.0", "5.0.1"] if day >= "2026-04-14" else ["4.9.3", "4.9.4"]),
        "card_brand": lambda r: r.choice(["Visa", "Mastercard", "company Amex"]),
        "file_type": lambda r: r.choice(["PDF", "video", "zip", "PSD"]),
        "role": lambda r: r.choice(block(common, "roles")),
        "team": "the team in charge",
    }
