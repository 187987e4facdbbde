"""Credentials that people paste into tickets: passwords, keys, tokens, codes, and links that carry them.

Belongs here: known token shapes, values after words such as "password", sensitive parts of web addresses. A web
address keeps its host and path, which say what the ticket is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.audit_tickets.texts.personal_data import Span, lower, words

_TOKENS = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[\s\S]{0,8000}?-----END [A-Z ]{0,40}PRIVATE KEY-----)?"
    r"|\b(?:(?:sk|pk|rk)[-_](?:(?:live|test|proj|ant|or)[-_])?[A-Za-z0-9_-]{16,200}|gh[pousr]_[A-Za-z0-9]{20,255}"
    r"|github_pat_\w{20,255}|glpat-[\w-]{16,100}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,60}|xox[abeoprs]-[\w-]{10,200}"
    r"|eyJ[\w-]{8,2000}\.[\w-]{8,4000}(?:\.[\w-]{0,2000})?|SG\.[\w-]{16,40}\.[\w-]{16,80}|npm_[A-Za-z0-9]{30,50}"
    r"|ya29\.[\w-]{20,400}|hf_[A-Za-z0-9]{20,60}|dop_v1_[a-f0-9]{40,80})"
    r"|(?<=[Bb]earer )[\w.~+/=-]{16,2000}|(?<=[Bb]asic )[A-Za-z0-9+/]{16,400}={0,2}(?!\w)"
)
_PASSWORD = (
    r"pass\s?word[s]?|passwort|kennwort|contraseñas?|contrasenas?|passwd|passphrase|pass ?code|pwd|pw|psw"
    r"|app-?passwor[dt]"
    r"|clave(?: de acceso)?|api[ _-]?(?:key|token|secret|schlüssel)|clave (?:de )?api|access[ _-]?key"
    r"|secret(?:[ _-]?(?:key|access key))?"
    r"|(?:access|auth(?:entication)?|refresh|bearer|session|security|login|personal access)[ _-]?token|zugangsdaten"
    r"|credentials?"
)
_AFTER_PASSWORD = re.compile(
    rf"(?<![\w-])(?:{_PASSWORD})(?P<link>\s*(?:\([^)\n]{{0,30}}\)\s*)?(?:(?:is|was|ist|war|lautet|es|era|are|set to"
    rf"|now)\s+)?"
    rf"(?:\s?[:=]\s?|\s?->\s?)?)\s*(?:(?:is|ist|es)\s+)?(?P<quote>[\"'“„»«`]?)(?P<value>[^\s\"'”“«»`]{{4,128}})",
    re.IGNORECASE,
)
_BEFORE_PASSWORD = re.compile(
    rf"[\"'“„«`](?P<value>[^\s\"'”“»«`]{{4,64}})[\"'”“»`]\s+(?:(?:as|for|is|als|como|ist|es)\s+)?"
    rf"(?:(?:the|my|a|our|das|mein|la|mi)\s+)?(?:{_PASSWORD})\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:pin|puk|tan|otp|cvv|cvc|(?:2fa|mfa|verification|security|login|sign-?in|recovery|backup|reset|one-?time"
    r"|confirmation|auth\w*)"
    r"[ -](?:pin|code)s?|(?:bestätigungs|sicherheits|einmal|wiederherstellungs|verifizierungs|anmelde)-?(?:code"
    r"|passwort)"
    r"|código de (?:verificación|seguridad|acceso|recuperación|confirmación))"
    r"(?:\s+(?:is|was|ist|war|lautet|es|era|I got(?: was)?|number))?\s*[:=#]?\s*(?P<value>\d{3}[ -]\d{3}|\d{3,10}"
    r"|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){1,5})"
    r"(?![\w%]|[.:]\d)",
    re.IGNORECASE,
)
_TOKEN_STARTS = (
    "sk_", "sk-", "pk_", "pk-", "rk_", "rk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
    "AKIA", "ASIA", "AIza", "xox", "eyJ", "SG.", "npm_", "ya29.", "hf_", "dop_v1_", "earer ", "asic ", "PRIVATE KEY",
)  # fmt: skip
_PASSWORD_STARTS = (
    "pass", "pw", "psw", "kennwort", "contrase", "clave", "key", "token", "secret", "schlüssel", "credential",
    "zugangsdaten",
)  # fmt: skip
_CODE_STARTS = ("pin", "puk", "tan", "otp", "cvv", "cvc", "code", "código")
_NOT_A_PASSWORD = words(
    """
    normal required incorrect correct wrong invalid encrypted oauth oauth2 oauth2. none empty blank saved stored
    expired changed reset kerberos ntlm plain secure hidden optional unknown missing needed rejected accepted
    authentication manager protected error sha256 md5 sha1 sha512 aes256 bcrypt base64 utf8 imap pop3 smtp ssl/tls
    starttls 2fa mfa falsch richtig ungültig erforderlich abgelaufen gespeichert vergessen incorrecta correcta
    inválida olvidada https http windows10 windows11 microsoft365 office365 dialog prompt prompts field window
    below above same different again twice works work still never asked does doesn't don't isn't wasn't cannot
    can't they that this which with when from into your have what there would could should tried trying
    """
)
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://(?P<user>[^\s/@?#<>\"']{1,200}@)?(?P<rest>[^\s<>\"'`|{}]*)", re.IGNORECASE
)
_PARAMETER = re.compile(r"(?<=[?&;#])(?P<key>[\w.%-]{1,60})=(?P<value>[^&;#\s)\]]{3,2000})")
_SENSITIVE_KEY = re.compile(
    r"(?:.*(?:token|secret|passw|apikey|api[_-]?key|jwt|otp|credential|mail|phone)|pwd?|user(?:name)?"
    r"|login(?:_hint)?|ssn|saml\w*"
    r"|magic|invite|first_?name|last_?name|full_?name)",
    re.IGNORECASE,
)
# These also carry ordinary words: only values with a digit count.
_SOMETIMES_SENSITIVE_KEY = re.compile(
    r"(?:.*(?:signature|session)|auth\w*|key|sig|code|sid|ticket|user_?id|\w*hash|state|nonce|name|tel)", re.IGNORECASE
)
_OPAQUE = re.compile(r"(?=[^&]*\d)(?=[^&]*[a-z])(?=[^&]*[A-Z])[A-Za-z0-9_~-]{24,}=*|[0-9a-f]{32,}(?:-[0-9a-f]+)*")
_ORDINARY_KEY = re.compile(
    r"(?:o?q|query|search|s|p|text|rp|url|uri|continue|redirect\w*|return\w*|next|utm_\w+|ei|ved|gs_lcrp)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_PATH_TOKEN = re.compile(
    r"/(?:[\w-]*(?:reset|confirm|verif|activat|invit|unsubscribe|magic|token|login|signin|session|auth|recover|optin"
    r"|opt-in)[\w-]*)"
    r"/(?P<value>(?=[\w.~=-]*\d)[\w.~=-]{12,2000})",
    re.IGNORECASE,
)


def find_secrets(text: str) -> Iterator[Span]:
    """Find keys and tokens by shape, passwords and codes by the words before them."""
    if any(start in text for start in _TOKEN_STARTS):
        for match in _TOKENS.finditer(text):
            yield Span(*match.span(), "SECRET")
    low = lower(text)
    if any(word in low for word in _PASSWORD_STARTS):
        for match in _AFTER_PASSWORD.finditer(text):
            value = match.group("value").rstrip(".,;:!?)]>")
            start = match.start("value")
            if _is_password(value, match.group("link"), match.group("quote"), text[start + len(value) :]):
                yield Span(start, start + len(value), "SECRET")
        for quoted in _BEFORE_PASSWORD.finditer(text):
            if _DIGIT.search(quoted.group("value")):
                yield Span(*quoted.span("value"), "SECRET")
    for match in _CODE.finditer(text) if any(word in low for word in _CODE_STARTS) else ():
        yield Span(*match.span("value"), "SECRET")


def find_url_secrets(text: str) -> Iterator[Span]:
    """Find user names, tokens and personal parameters in web addresses; host and path stay."""
    if "://" not in text:
        return
    for match in _URL.finditer(text):
        user = match.group("user")
        if user and user[0].isalnum() and user.lower() not in ("nobody@", "user@", "username@", "git@"):
            yield Span(match.start("user"), match.end("user") - 1, "SECRET")
        start = match.start("rest")
        rest = match.group("rest")
        for part in _PARAMETER.finditer(rest):
            value = part.group("value")
            is_opaque = _OPAQUE.fullmatch(value) and not _ORDINARY_KEY.fullmatch(part.group("key"))
            is_code = len(value) >= 6 and _DIGIT.search(value) and _SOMETIMES_SENSITIVE_KEY.fullmatch(part.group("key"))
            if _SENSITIVE_KEY.fullmatch(part.group("key")) or is_opaque or is_code or "%40" in value or "@" in value:
                yield Span(start + part.start("value"), start + part.end("value"), "SECRET")
        for part in _PATH_TOKEN.finditer(rest):
            yield Span(start + part.start("value"), start + part.end("value"), "SECRET")


def _is_password(value: str, link: str, quote: str, after: str) -> bool:
    """Tell a password from the words that usually follow "password": it has a digit or a sign, or is set apart."""
    low = value.lower()
    if len(value) < 4 or low in _NOT_A_PASSWORD or "://" in value or re.fullmatch(r"[\W_]+", value):
        return False
    has_digit = any(map(str.isdigit, value))
    has_letter = any(map(str.isalpha, value))
    has_sign = re.search(r"[!@#$%^&*_+=~?§]", value) is not None
    said = link.strip() != ""
    if said and (has_digit or (has_sign and has_letter)):
        return not re.fullmatch(r"\d{1,3}[-–]\d{1,3}|\d+(?:\.\d+)+|\d+[%€$]", value)
    if has_digit and has_letter and len(value) >= 6:
        is_mixed = has_sign or (value != low and value != value.upper() and not value.istitle())
        is_word_and_number = re.fullmatch(r"[^\W\d_]{3,}\d{2,}", value) is not None
        return (is_mixed or is_word_and_number) and not re.fullmatch(r"[\w-]+\.\w+.*", value)
    is_set_apart = re.search(r"[:=>]", link) is not None or quote != ""
    ends = re.match(r"[\"'”“«»`]?\s*(?:[.,;]?\s*$|[.,;]?\s*\n|[.,;])", after) is not None
    return is_set_apart and ends and len(value) >= 6 and value.isalpha()
