"""Risk signals fire on what customers say when they mean it, and stay quiet on the phrases that only look like it."""

import json

import pandas as pd
import pytest

from assets.audit_tickets.roadmap import risk_patterns
from assets.audit_tickets.roadmap.risk_patterns import ESCALATING_SIGNALS, SIGNALS, compile_rules, fold, rules_for
from assets.audit_tickets.roadmap.risk_signals import (
    believed_language,
    find_risk_signals,
    frustration_score,
    score_risk_signals,
)

FIRES: dict[str, list[tuple[str, str]]] = {
    "billing_dispute": [
        ("en", "My bank is going to reverse this"),
        ("de", "Wir haben im Juni gekündigt und es wurde trotzdem wieder abgebucht"),
        ("en", "You charged me twice for October."),
        ("en", "There's an unexpected charge on our company card from you."),
        ("en", "We seem to have been overcharged for storage"),
        ("en", "why was I billed for three seats when I only use one"),
        ("en", "I cancelled in spring and you keep billing me."),
        ("en", "The amount on the bill is wrong again"),
        ("en", "I will be disputing this payment with my bank"),
        ("en", "I don't recognize the debit of 12 euros from last Tuesday"),
        ("en", "That transaction is not mine"),
        ("de", "Der Jahresbeitrag wurde zweimal eingezogen"),
        ("de", "Die Rechnung vom März ist falsch, wir hatten damals schon gekündigt."),
        ("de", "Warum wurde mir im Juni mehr berechnet als vereinbart?"),
        ("es", "Me cobraron la mensualidad dos veces"),
        ("es", "Hay un cargo no autorizado en mi cuenta bancaria"),
    ],
    "refund": [
        ("en", "Kindly give back the $640 from Monday"),
        ("en", "I expect my 30 euros back"),
        ("en", "We want the annual fee back, please"),
        ("en", "I'd like a refund, the import never worked for us"),
        ("en", "Please refund me for this month."),
        ("en", "how do i get my money back"),
        ("en", "We expect a full refund by the end of the week"),
        ("en", "I still have not received my refund"),
        ("en", "If you do not refund me I will tell everyone"),
        ("en", "can you reverse the charge from yesterday, I clicked the wrong plan"),
        ("en", "Could we be reimbursed for the two weeks of downtime?"),
        ("de", "Ich will mein Geld zurück"),
        ("de", "Bitte um Rückerstattung des Jahresbeitrags"),
        ("de", "wann wird der betrag zurueck ueberwiesen? erstattet mir das bitte"),
        ("es", "Solicito el reembolso completo"),
        ("es", "Devuélvanme mi dinero por favor"),
        ("fr", "J'attends toujours le remboursement"),
    ],
    "legal": [
        ("en", "The regulator will hear of this"),
        ("en", "I have reported you to the council"),
        ("en", "We received a subpoena about one of your members"),
        ("de", "Unsere Beschwerde liegt schon bei der Behörde"),
        ("en", "My lawyer advised me to write to you one last time."),
        ("en", "Expect to hear from our attorneys."),
        ("en", "I'll take you to court over this"),
        ("en", "We are going to sue for damages"),
        ("en", "This is a clear violation of GDPR"),
        ("en", "Please treat this as a subject access request."),
        ("en", "I have reported you to the ombudsman"),
        ("en", "You are in breach of contract since Monday"),
        ("de", "Mein Anwalt wird sich bei Ihnen melden"),
        ("de", "Ich behalte mir rechtliche Schritte vor."),
        ("de", "Antrag auf Auskunft gemäß Art. 15 DSGVO"),
        ("de", "sonst erstatte ich Anzeige gegen Ihre Firma, Strafanzeige ist vorbereitet"),
        ("es", "Mi abogado se pondrá en contacto con ustedes"),
        ("es", "Vamos a tomar medidas legales"),
    ],
    "distress": [
        ("en", "I can't go on like this"),
        ("en", "My whole world is falling apart"),
        ("de", "So kann es nicht weitergehen, ich kann nicht mehr."),
        ("es", "No puedo más."),
        ("en", "I'm desperate, please, the exam is tomorrow and everything is gone"),
        ("en", "I have been crying all morning, I was crying on the phone with my sister too. In tears."),
        ("en", "my wife died in March and all her letters were in that folder"),
        ("en", "I'm so scared I will lose my job over this"),
        ("en", "I'm at my wits end"),
        ("en", "Since then I get panic attacks when the phone rings"),
        ("en", "We can't pay our staff wages because of the lockout, this can't pay the rent either"),
        ("en", "I feel completely overwhelmed and I am begging you to look at it"),
        ("de", "Ich bin verzweifelt, morgen ist Abgabe"),
        ("de", "Mein Vater ist im Mai verstorben und ich brauche seine Mails"),
        ("de", "Ich habe große Angst um meine Existenz, habe solche Angst"),
        ("de", "ich weiss einfach nicht mehr weiter"),
        ("es", "Estoy desesperado, mañana entrego la tesis"),
        ("es", "Mi madre falleció el lunes y no puedo abrir su correo"),
    ],
    "self_harm": [
        ("en", "I feel like killing myself"),
        ("en", "honestly I want to end my life"),
        ("en", "I just want to die"),
        ("en", "Everyone would be better off without me"),
        ("en", "I don't want to live any longer"),
        ("en", "there is no reason to live"),
        ("en", "I have been suicidal since the summer"),
        ("en", "I took all my pills an hour ago"),
        ("de", "Ich möchte nicht mehr leben"),
        ("de", "Am liebsten würde ich mich umbringen"),
        ("de", "ich habe Suizidgedanken"),
        ("es", "Quiero morir"),
        ("es", "Estoy pensando en quitarme la vida"),
        ("es", "no quiero seguir viviendo"),
    ],
    "churn": [
        ("en", "Please unsubscribe our team from the paid version"),
        ("en", "How do we cancel everything?"),
        ("en", "Put us back to free from June on"),
        ("en", "Cancellation"),
        ("en", "cancel, cancel, cancel"),
        ("en", "We have decided against staying"),
        ("de", "Wie beende ich unseren Vertrag?"),
        ("de", "Bitte stufen Sie uns runter auf Free"),
        ("es", "Queremos terminar el contrato en marzo"),
        ("en", "How can I cancel?"),
        ("en", "I want to cancel my subscription today"),
        ("en", "Please close our account and delete the data."),
        ("en", "we do not want to renew next year"),
        ("en", "We are moving to another provider in June"),
        ("en", "I'm seriously considering leaving"),
        ("en", "Turn off auto-renewal for both licences please"),
        ("en", "get me out: I want to get out of this contract"),
        ("en", "If this isn't fixed by tomorrow I will leave."),
        ("de", "Ich kündige zum Monatsende"),
        ("de", "Bitte das Abo zum 30.6. beenden"),
        ("de", "Wir möchten den Vertrag nicht verlängern"),
        ("es", "Quiero cancelar mi suscripción"),
        ("es", "¿Cómo me doy de baja?"),
    ],
    "security_incident": [
        ("en", "Our confidential price list is visible on the internet"),
        ("en", "My colleague typed her password into a bogus login page"),
        ("en", "We committed a secret key by mistake"),
        ("en", "There is a person we don't know in our workspace"),
        ("en", "I see two devices I do not recognise"),
        ("en", "A guest we never invited sits in our space"),
        ("de", "Eine fremde Person ist in unserem Konto"),
        ("de", "Ich war auf einer gefälschten Anmeldeseite"),
        ("es", "Hay alguien desconocido en nuestra cuenta"),
        ("en", "My account has been hacked!"),
        ("en", "Someone logged into my account from Vietnam"),
        ("en", "There was suspicious activity overnight"),
        ("en", "I clicked the link in a phishing email that carried your logo"),
        ("en", "We may have a data breach on our side, which logs can you give us"),
        ("en", "my work phone got stolen with the authenticator on it"),
        ("en", "I can see another customer's invoices when I log in"),
        ("en", "We found a vulnerability in your upload form"),
        ("en", "I keep getting reset emails I did not request"),
        ("de", "Unser Postfach wurde gehackt"),
        ("de", "Es gab einen unbefugten Zugriff auf unsere Dateien"),
        ("de", "Ich habe auf den Link in einer Phishing-Mail geklickt"),
        ("es", "Han hackeado mi perfil"),
        ("es", "Alguien accedió a mi cuenta anoche, un acceso no autorizado"),
    ],
    "press": [
        ("en", "Could we do an interview for the radio?"),
        ("de", "Interview für unsere Zeitschrift"),
        ("en", "I am a reporter covering small software firms."),
        ("en", "Journalist here: do you want to comment before we publish?"),
        ("en", "Where do I send a media inquiry?"),
        ("en", "I'm going to the press with this"),
        ("en", "I'll post this all over social media"),
        ("en", "I will write a negative review everywhere I can"),
        ("en", "You will get a one star review from me"),
        ("en", "my followers will love this conversation"),
        ("en", "we are writing a story on failed migrations"),
        ("de", "Ich bin Journalistin und recherchiere zu dem Ausfall"),
        ("de", "Dann gehe ich eben an die Öffentlichkeit"),
        ("de", "Hier die Presseanfrage wie telefonisch besprochen"),
        ("es", "Somos periodistas y queremos una declaración"),
        ("es", "Voy a contactar a la prensa"),
    ],
    "anger": [
        ("en", "This is completely unacceptable."),
        ("en", "Your support is a joke"),
        ("en", "worst update ever"),
        ("en", "I am fed up with waiting"),
        ("en", "we're really angry about this"),
        ("en", "what a load of rubbish"),
        ("en", "It sucks"),
        ("en", "I hate this new layout"),
        ("en", "Two months without a reply"),
        ("de", "Eine Unverschämtheit"),
        ("de", "Langsam bin ich echt sauer"),
        ("de", "Der Support ist eine Katastrophe"),
        ("es", "Es inaceptable"),
        ("es", "Estoy muy enojada con ustedes"),
    ],
    "asks_for_person": [
        ("en", "Can I speak to a human?"),
        ("en", "please connect me to an agent"),
        ("en", "I want to talk to your manager"),
        ("en", "Is there a support number I can dial? do you have a phone number"),
        ("en", "Could someone call me this afternoon?"),
        ("en", "I'd rather have a real person look at this"),
        ("en", "human please"),
        ("en", "Are you a bot?"),
        ("de", "Ich möchte mit einem Mitarbeiter sprechen"),
        ("de", "Bitte um Rückruf unter der hinterlegten Nummer"),
        ("de", "kann ich da mit jemandem telefonieren"),
        ("de", "Gibt es eine Hotline?"),
        ("es", "¿Puedo hablar con un agente?"),
        ("es", "Quiero que me llamen"),
    ],
}

STAYS_QUIET: dict[str, list[tuple[str, str]]] = {
    "billing_dispute": [
        ("de", "Das Passwort wurde gekündigt? Nein, die Karte wurde gesperrt."),
        ("en", "How long does it take to charge the battery of the reader?"),
        ("en", "What currency am I charged in?"),
        ("en", "Please send the invoice to our accounting address"),
        ("en", "We want to pay by bank transfer instead of card"),
        ("en", "Can the total on the dashboard be shown without tax?"),
        ("en", "Is the payment form available in French?"),
        ("en", "how do I add a second billing contact"),
        ("en", "There's no dispute about the price, we just need a purchase order number"),
        ("en", "The double click no longer opens the message"),
        ("de", "Wo finde ich die Rechnung für Mai?"),
        ("de", "Der Akku wird beim Scannen stark belastet"),
        ("es", "¿Dónde descargo la factura?"),
        ("es", "Quiero cambiar la tarjeta de pago"),
    ],
    "refund": [
        ("en", "How do I get my 30 pages back?"),
        ("en", "The page moved back to 2 columns"),
        ("en", "What does your refund policy say about annual plans?"),
        ("en", "The refund column in the report is empty"),
        ("en", "We don't want a refund, we want it to work."),
        ("en", "Our customers fill in the refund form, where do the answers go?"),
        ("en", "Please send the file back to me"),
        ("en", "How do I get the old view back?"),
        ("en", "Can you credit the photographer in the template?"),
        ("en", "the cursor jumps back to the first line"),
        ("en", "reverse the order of the list"),
        ("de", "Ich brauche keine Erstattung, nur eine Antwort"),
        ("de", "Wie komme ich zurück zur alten Ansicht?"),
        ("es", "¿Cuál es la política de devoluciones?"),
        ("es", "No quiero un reembolso, quiero que funcione"),
    ],
    "legal": [
        ("de", "Unser Anwaltsbüro braucht drei Plätze"),
        ("en", "Who gets to know about a comment?"),
        ("en", "Do you sell a lawyer's template for intake?"),
        ("en", "We're a law firm with twelve people"),
        ("en", "How do I print on legal-size paper?"),
        ("en", "Sue will join the call on Tuesday"),
        ("en", "I refuse the update each time it pops up"),
        ("en", "Will Sue get the invitation if she has no licence?"),
        ("en", "the issue will resume after a restart"),
        ("en", "emails to my lawyer bounce"),
        ("en", "Is there a keyboard shortcut for the court calendar view?"),
        ("en", "pursue another approach"),
        ("de", "Wir sind eine Kanzlei und brauchen ein Postfach mehr"),
        ("de", "Wo steht das Impressum? Ein rechtlicher Hinweis fehlt"),
        ("es", "Somos un despacho de abogados con cinco usuarios"),
        ("es", "El aviso legal no se abre"),
    ],
    "distress": [
        ("en", "How do we cope with large files?"),
        ("de", "Ich kann nicht mehr einloggen"),
        ("en", "My laptop died yesterday, how do I move my data?"),
        ("en", "The server is in a different time zone"),
        ("en", "I'm afraid I deleted the wrong folder"),
        ("en", "the app goes to sleep after five minutes"),
        ("en", "kernel panic after the driver update"),
        ("en", "I don't know what to do with the zip file"),
        ("en", "Please help me set the default font"),
        ("en", "My friend recommended your tool"),
        ("en", "The late fee setting is greyed out"),
        ("de", "Mein Rechner ist gestern gestorben, wie ziehe ich um?"),
        ("de", "Am Ende der Liste fehlt ein Eintrag"),
        ("es", "No sé dónde está el botón"),
        ("es", "Mi portátil murió ayer y quiero pasar los datos"),
    ],
    "self_harm": [
        ("en", "How do I kill the process?"),
        ("en", "The session dies after an hour"),
        ("en", "We run a suicide prevention helpline and need more seats"),
        ("en", "end it all with a semicolon? the parser complains; how do I end the line"),
        ("en", "I would die for a dark mode :)"),
        ("en", "I don't want to live chat, e-mail is fine"),
        ("en", "The life of the token ends after an hour"),
        ("en", "Is it harmful to turn it off?"),
        ("en", "I want to live edit the page"),
        ("de", "Der Prozess lässt sich nicht beenden"),
        ("de", "Wir möchten nicht mehr mit dem alten Plan arbeiten"),
        ("es", "Quiero matar el proceso que se quedó colgado"),
        ("es", "La aplicación se muere al abrir"),
    ],
    "churn": [
        ("en", "How do I cancel a calendar invitation?"),
        ("en", "Is the upload free to use?"),
        ("de", "Wann beenden Sie die Wartung?"),
        ("en", "How do I cancel the download?"),
        ("en", "I want to cancel an upload that hangs"),
        ("en", "The cancel button does nothing"),
        ("en", "we don't want to cancel my plan, only pause one add-on"),
        ("en", "How do I delete my account from Outlook and add it again?"),
        ("en", "Can I cancel a meeting for everybody at once?"),
        ("en", "Please leave the file where it is"),
        ("en", "unsubscribe me from the newsletter"),
        ("en", "The certificate will not renew"),
        ("en", "We switched to another office last week"),
        ("de", "Wie lang ist die Kündigungsfrist?"),
        ("de", "Ich kann die Datei nicht löschen"),
        ("es", "¿Cómo cancelo un envío programado?"),
        ("es", "Se da de baja calidad la imagen al subirla"),
    ],
    "security_incident": [
        ("en", "How can I make a private page visible on the web?"),
        ("en", "How do I invite a person to our workspace?"),
        ("de", "Wie mache ich eine interne Seite öffentlich sichtbar?"),
        ("en", "Which two-factor methods do you support?"),
        ("en", "The phishing filter marks our own newsletter"),
        ("en", "My antivirus has a false positive on your installer"),
        ("en", "is there a quick hack together script for exports"),
        ("en", "I did not get hacked, I only forgot my password"),
        ("en", "Someone in our team needs access to the calendar, how do I invite them"),
        ("en", "How do I log in from a second device?"),
        ("en", "There's a memory leak in version 3"),
        ("en", "How can I see other users' availability?"),
        ("de", "Wie richte ich die Zwei-Faktor-Anmeldung ein?"),
        ("de", "Der Virenscanner meldet einen Fehlalarm, ein Trojaner ist es nicht"),
        ("es", "¿Cómo activo la verificación en dos pasos?"),
        ("es", "El antivirus bloquea la instalación, un falso positivo: virus no hay"),
    ],
    "press": [
        ("en", "Template for job interview notes"),
        ("en", "When I press the button nothing happens"),
        ("en", "The crash reporter opens each time"),
        ("en", "Go to media library and pick a file"),
        ("en", "Please press on with the migration"),
        ("en", "Does the editor post to Twitter automatically?"),
        ("en", "We'd like your press kit for the partner page"),
        ("en", "I am a student of journalism, is there a discount?"),
        ("en", "How do I share a calendar on Facebook?"),
        ("en", "star rating widget shows four stars"),
        ("de", "Die Pressemitteilung auf eurer Seite ist von 2019"),
        ("de", "Der Medienplayer startet nicht"),
        ("es", "Al presionar enviar no ocurre nada"),
        ("es", "¿Puedo publicar el calendario en la web?"),
    ],
    "anger": [
        ("en", "It would be great to have more colours"),
        ("en", "I'm not angry, just asking"),
        ("en", "Mails land in the junk folder"),
        ("en", "How do I add a third email address?"),
        ("en", "The upload has been running for two days"),
        ("en", "Thanks, that was quick!!!"),
        ("en", "The joke of the day widget is missing"),
        ("en", "the pump sucks up the memory, so to say: it sucks up 4 GB"),
        ("en", "Is it acceptable to reuse a key?"),
        ("de", "Vielen Dank, das ging schnell!"),
        ("de", "Der Text ist unfassbar schnell geladen, toll"),
        ("es", "Gracias por la ayuda, excelente"),
        ("es", "¿Es posible ocultar la columna?"),
    ],
    "asks_for_person": [
        ("en", "It asks me to tick 'I am not a robot'"),
        ("en", "Can the export be human-readable?"),
        ("en", "How do I add a contact person?"),
        ("en", "How do I assign an agent to a queue?"),
        ("en", "No need to call me"),
        ("en", "call me old-fashioned but I liked the menu. You can call me old"),
        ("en", "Which password manager do you support?"),
        ("en", "How do I add a phone number field to the form?"),
        ("en", "the callback url returns 404"),
        ("en", "Is there an API for the chat history?"),
        ("en", "The task manager shows two processes"),
        ("de", "Wie füge ich eine Kontaktperson hinzu?"),
        ("de", "Wie lösche ich eine Telefonnummer aus dem Adressbuch?"),
        ("es", "¿Cómo agrego una persona de contacto?"),
        ("es", "El campo del teléfono no acepta prefijos"),
    ],
}


def signals_in(text: str, language: str | None) -> set[str]:
    return {hit.signal for hit in find_risk_signals(text, language)}


@pytest.mark.parametrize(
    ("signal", "language", "text"), [(s, lang, t) for s, rows in FIRES.items() for lang, t in rows]
)
def test_it_fires(signal: str, language: str, text: str) -> None:
    assert signal in signals_in(text, language)


@pytest.mark.parametrize(
    ("signal", "language", "text"), [(s, lang, t) for s, rows in STAYS_QUIET.items() for lang, t in rows]
)
def test_it_stays_quiet(signal: str, language: str, text: str) -> None:
    assert signal not in signals_in(text, language)


def test_every_signal_has_at_least_twelve_sentences_of_each_kind() -> None:
    assert set(FIRES) == set(STAYS_QUIET) == set(SIGNALS)
    assert min(len(rows) for table in (FIRES, STAYS_QUIET) for rows in table.values()) >= 12


def test_the_cheap_key_look_up_hides_no_match() -> None:
    sentences = [(lang, text) for table in (FIRES, STAYS_QUIET) for rows in table.values() for lang, text in rows]
    for language, text in sentences:
        folded = fold(text)
        for rule in rules_for(language):
            match = rule.pattern.search(folded)
            if match and match.group():
                assert any(key in folded for key in rule.keys), (rule.signal, rule.keys, match.group())


def test_evidence_is_the_customers_own_words() -> None:
    [hit] = find_risk_signals("Grüße! Wir möchten KÜNDIGEN, und zwar sofort.", "de")
    assert (hit.signal, hit.phrase) == ("churn", "KÜNDIGEN")


def test_typographic_quotes_and_missing_umlauts_are_read() -> None:
    assert "billing_dispute" in signals_in("I don’t recognise this charge", "en")
    assert "churn" in signals_in("Wie kann ich kuendigen?", "de")
    assert "churn" in signals_in("quiero cancelar mi suscripcion", "es")


def test_a_condition_is_not_a_denial_but_a_denial_is() -> None:
    assert "refund" in signals_in("If I do not get a refund I will be upset", "en")
    assert "refund" not in signals_in("We are not asking for a refund", "en")


def test_an_unknown_language_is_read_with_every_table() -> None:
    assert "churn" in signals_in("Hiermit kündige ich", None)
    assert believed_language("Hiermit kündige ich", "nl", 0.9) is None, "too short to believe the detector"
    assert believed_language("a sentence long enough to be believed", "en", 0.9) == "en"
    assert believed_language("a sentence long enough to be believed", "en", 0.2) is None


def test_hostile_text_is_read_in_bounded_time_and_without_error() -> None:
    for text in ("charge " * 50_000, "a" * 200_000, "\x00\ud800" * 5_000, "(((" * 9_000, "i want to " * 20_000):
        find_risk_signals(text, None)
        assert 0 <= frustration_score(text) <= 1


def test_a_misspelt_signal_name_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown risk signal 'refnd'"):
        compile_rules({"refnd": [("refund", "refund")]})


def test_frustration_orders_calm_below_cross() -> None:
    calm = frustration_score("Where do I find the export?")
    loud = "STILL NOT WORKING AGAIN, no answer for weeks!!! This is unacceptable"
    assert calm == 0
    assert frustration_score(loud, find_risk_signals(loud, "en")) > 0.8


def comments(rows: list[tuple[str, str, bool, str, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ticket_id", "author_role", "is_public", "text", "subject"])
    return frame.assign(language="en", language_confidence=0.9)


def test_scores_are_by_ticket_and_only_of_what_the_requester_wrote() -> None:
    scored = score_risk_signals(
        comments(
            [
                ("z:1", "requester", True, "The export is slow on my machine since Monday", "I want to cancel my plan"),
                ("z:1", "requester", True, "And also, please refund me for the last month.", None),
                ("z:2", "staff", True, "We are sorry that you want to cancel your plan today.", None),
                ("z:3", "requester", True, "This is unacceptable, the page loads for a minute", None),
                ("z:4", "requester", False, "I want to cancel my plan, please and thank you", None),
            ]
        )
    ).set_index("ticket_id")
    assert list(scored.index) == ["z:1", "z:3"]
    assert bool(scored.loc["z:1", "has_churn"]) is True
    assert bool(scored.loc["z:1", "has_refund"]) is True
    assert bool(scored.loc["z:3", "has_anger"]) is True
    assert bool(scored.loc["z:3", "is_risk"]) is False, "anger alone is no risk"
    assert json.loads(scored.loc["z:1", "risk_evidence"])["refund"] == "please refund me"


def test_no_messages_give_an_empty_frame_with_every_column() -> None:
    scored = score_risk_signals(comments([]))
    assert len(scored) == 0
    assert {f"has_{s}" for s in SIGNALS} < set(scored.columns)


def test_escalating_signals_exist() -> None:
    assert set(ESCALATING_SIGNALS) < set(risk_patterns.SIGNALS)
