"""German wording of the risk signals: rows of (keys, pattern[, unless[, "fixed"]]), read by `risk_patterns`.

Belongs here: how German-speaking customers say it, and the everyday phrases that only look like it. Does not belong
here: anything about matching. Umlauts are folded ("kuendigen" matches too), so no umlaut may stand in [brackets].
"""

from __future__ import annotations

from assets.audit_tickets.roadmap.risk_patterns import Rule, compile_rules

_BOOKED = r"(?:gebucht|abgebucht|berechnet|belastet|abgerechnet|eingezogen|in rechnung gestellt|verrechnet|kassiert)"
_KIN = r"(?:mann|frau|mutter|mama|vater|papa|sohn|tochter|bruder|schwester|oma|opa|partner\w*|freund\w*|kind)"
_CONTRACT = r"(?:konto|account|zugang|abo|abonnement|vertrag|mitgliedschaft|lizenz|tarif|benutzerkonto|kundenkonto)"

_GUARDS = {
    "billing_dispute": r"\b(?:akku|batterie|ladeger\w+)\b",
    "refund": r"\b(?:erstattungsrichtlinie\w*|erstattungsbedingung\w*|keine (?:r(?:ü)ck)?erstattung|unsere(?:n|r)? kunden)\b",
    "legal": r"\b(?:anwaltskanzlei|kanzlei|anwaltsb(?:ü)ro|anwaltspraxis|vorlage|rechtlicher hinweis|impressum)\b",
    "security_incident": r"\b(?:antivirus|virenscanner|fehlalarm|phishing-?filter)\b",
    "press": r"\b(?:pressemitteilung\w*|presse-mitteilung\w*|medien(?:player|bibliothek|ordner))\b",
    "self_harm": r"\b(?:prävention|beratungsstelle|verein)\b",
    "churn": r"\b(?:newsletter|kalender-?abo|imap|pop3?|thunderbird|outlook|gmail|e?-?mail-?konto|mailkonto|"
    r"auf dem server|im programm|testkonto)\b",
}

GERMAN_RULES: tuple[Rule, ...] = compile_rules(
    {
        "billing_dispute": [
            ("bucht|berechnet|belastet|abgerechnet|eingezogen|verrechnet|in rechnung|kassiert",
             r"\b(?:doppelt|zweimal|dreimal|mehrfach|zu ?viel|zu unrecht|unberechtigt|falsch|versehentlich|immer noch|weiterhin|"
             r"ohne (?:meine|unsere|jede|ankündigung|vorwarnung)) ~20~\b" + _BOOKED),
            ("bucht|berechnet|belastet|abgerechnet|eingezogen|rechnung", r"\btrotz (?:der |meiner |unserer )?kündigung ~35~(?:" + _BOOKED + r"|rechnung)"),
            ("abbuchung|belastung|zahlung|rechnung|betrag|lastschrift|stimmt",
             r"(?:abbuchung|belastung|zahlung|rechnung|betrag|lastschrift)\b ~60~\b(?:stimmt (?:so )?nicht|falsch|nicht korrekt|nie (?:genehmigt|"
             r"autorisiert|bestellt|zugestimmt)|nicht (?:genehmigt|autorisiert|bestellt|veranlasst|nachvollzieh\w+)|unberechtigt|"
             r"kenne ich nicht|viel zu hoch|zu hoch|fehlerhaft)", "", "fixed"),
            ("gekündigt", r"\bgekündigt\b ~25~\b(?:trotzdem|dennoch|obwohl|wieder|weiter\w*)\b ~25~" + _BOOKED),
            ("rechnung|abbuchung|belastung|lastschrift|betrag",
             r"\b(?:falsche[rn]?|fehlerhafte[rn]?|unberechtigte[rn]?|unbekannte[rn]?|überhöhte[rn]?|doppelte[rn]?) (?:rechnung|abbuchung|belastung|"
             r"lastschrift|zahlung|betrag)\w*"),
            ("widerspreche|widerspruch|reklamier", r"\b(?:widersprech\w+|widerspruch|reklamier\w+) ~25~(?:rechnung|abbuchung|forderung|lastschrift|zahlung)"),
            ("rückbuchung|zurückbuchen|rückbuchen|lastschrift", r"\b(?:rückbuchung|zurück(?:zu)?buchen|rückbuchen)\b|\blastschrift ~15~(?:zurück|widerruf\w+)"),
            ("warum|wieso|weshalb", r"\b(?:warum|wieso|weshalb) (?:wurde\w*|wird|werden|zahl\w+|muss|müssen|buch\w+|berechne\w+|kostet|habt|haben) "
             r"~45~\b(?:" + _BOOKED + r"|mehr|teurer|doppelt|abgebucht)\b", "mehr (?:platz|speicher|zeit|angezeigt)"),
            ("preis|tarif", r"\b(?:preis|tarif)\w* ~25~(?:zugesichert|versprochen|garantiert|nicht zugestimmt)"),
        ],
        "refund": [
            ("geld", r"\b(?:mein|unser|das|ihr|euer) geld ~20~(?:zurück|wieder)\b|\bgeld zurück\b"),
            ("erstatt", r"\b(?:bitte|möchte\w*|will|wollen|wann|verlange\w*|fordere\w*|hätte\w*|beantrage\w*|um|auf|warte\w*|wo bleibt|können sie|kann ich) "
             r"~35~(?:rück|zurück)?erstatt\w+", ""),
            ("erstatt", r"\b(?:rück|zurück)?erstatt(?:en|et) sie\b|\berstattet (?:mir|uns)\b"),
            ("rückzahlung|zurückzahlen|zurücküberweisen|zurück überweisen|zurückhaben|zurückbekommen|zurückholen",
             r"\brückzahlung\b|\b(?:betrag|geld|beitrag|kosten|summe) ~25~zurück ?(?:zahlen|überweisen|haben|bekommen|holen)"),
            ("gutschrift", r"\b(?:bitte|um|erwarte\w*) ~15~gutschrift\b"),
        ],
        "legal": [
            ("anwalt|anwält", r"\b(?:mein\w*|unser\w*|ein\w*|zum|dem|den|vom) (?:rechts)?(?:anwalt|anwälte|anwältin)\w*"),
            ("rechtlich|gericht|klage|klagen", r"\brechtliche\w* (?:schritte|mittel|konsequenzen)|\b(?:vor|zum|beim) (?:\w+ )?gericht\b|\bgerichtlich\w*|"
             r"\bklage (?:ein|erheb|geg)\w*|\bverklag\w+"),
            ("anzeige", r"\b(?:strafanzeige|anzeige (?:erstatt\w+|gegen|bei der polizei))\b"),
            ("verbraucher|datenschutzbe|datenschutzauf|bundesnetzagentur",
             r"\bverbraucher(?:schutz\w*|zentrale)|\bdatenschutz(?:behörde|aufsicht\w*)|\bbundesnetzagentur\b"),
            ("behörde|aufsicht|ombuds|verbraucher", r"\b(?:beschwerde|meldung|anzeige|eingabe|bericht) ~25~\b(?:\w*behörde|aufsicht\w*|ombuds\w+|verbraucher\w+)\b|\baufsichtsbehörde\w*"),
            ("dsgvo|ds-gvo|auskunftsersuchen|recht auf", r"\bart\w*\.? ?(?:15|17|20|21) ~15~ds-?gvo|\bds-?gvo[- ]?(?:auskunft|anfrage|verstoß|löschung)\w*|"
             r"\bauskunftsersuchen\b|\brecht auf (?:löschung|vergessen\w*|auskunft)"),
            ("abmahn|schadensersatz|schadenersatz|vertragsbruch|mahnbescheid|rechtsschutz|rechtswidrig",
             r"\babmahn\w+|\bschadens?ersatz\b|\bvertragsbruch\b|\bmahnbescheid\b|\brechtsschutz\w*|\brechtswidrig\b"),
            ("illegal|haftbar", r"\bdas ist (?:\w+ )?illegal\b|\bhaftbar\b"),
        ],
        "distress": [
            ("verzweif", r"\bverzweif\w+"),
            ("nicht mehr weiter|am ende", r"\bweiß (?:wirklich |einfach |gar )?nicht mehr weiter\b|\b(?:ich bin|bin) (?:\w+ ){0,2}am ende\b", "", "fixed"),
            ("heule|weine|tränen|zum heulen", r"\b(?:ich|und|hier) (?:\w+ )?(?:heule|weine)\b|\b(?:in|den) tränen\b"),
            ("panik", r"\b(?:in|habe|hab|kriege|bekomme|totale|voller) (?:\w+ )?panik\b|\bpanikattacke\w*"),
            ("gestorben|verstorben|tot|tod", r"\b(?:mein\w*|unser\w*) (?:\w+ )?" + _KIN + r"\b ~25~\b(?:gestorben|verstorben|tot)\b|\bmein\w* verstorbene\w*|"
             r"\b(?:todes|trauer|sterbe)fall\b"),
            ("existenz", r"\bexistenz(?:angst|ängste|bedroh\w+)|\bmeine existenz\b"),
            ("schlaf", r"\b(?:kann|habe|konnte) ~15~nicht (?:mehr )?(?:schlafen|geschlafen)\b|\bschlaflose\w* nächte?\b", "", "fixed"),
            ("so nicht weiter|nicht mehr so weiter|bricht zusammen|ich kann nicht mehr", r"\b(?:kann|will|geht|halte) (?:\w+ ){0,3}so nicht (?:mehr )?weiter\b|\b(?:alles|mein leben|meine welt) bricht (?:\w+ )?zusammen\b|\bich kann nicht mehr\s*(?:[.!,]|$)", "", "fixed"),
            ("angst|nervenzusammenbruch|flehe", r"\b(?:ich habe|habe|hab) (?:\w+ )?angst\b|\bnervenzusammenbruch\b|\bich flehe\b"),
            ("überfordert|hilflos|aufgelöst", r"\b(?:völlig|total|komplett|ganz|absolut) (?:überfordert|hilflos|aufgelöst)\b"),
            ("miete|löhne|gehälter|job verlor|arbeit verlor", r"\b(?:miete|löhne|gehälter) ~20~nicht (?:mehr )?(?:be)?zahlen\b|\b(?:job|arbeit) verloren\b", "", "fixed"),
        ],
        "self_harm": [
            ("leben|aufwachen", r"\b(?:will|möchte|mag|kann) (?:\w+ ){0,2}nicht mehr (?:leben|aufwachen)\b|\bdas leben nehmen\b|\bmeinem leben ein ende\b"),
            ("umbring|umzubring|antun|anzutun", r"\b(?:mich) (?:\w+ )?(?:umbringen|umzubringen)\b|\bmir (?:etwas|was) (?:antun|anzutun)\b"),
            ("selbstmord|suizid|sterben|tot", r"\bselbstmord\w*|\bsuizid\w*|\bich (?:will|möchte) (?:\w+ )?sterben\b|\b(?:lieber|am liebsten) tot\b"),
        ],
        "churn": [
            ("kündig", r"\b(?:kündige|kündigen|kündigung|zu kündigen|gekündigt)\b", "kündigungsfrist|an(?:ge)?kündig"),
            ("konto|account|zugang|abo|vertrag|mitgliedschaft|lizenz|tarif",
             r"\b" + _CONTRACT + r"\b ~30~\b(?:kündigen|beenden|schließen|löschen|auflösen|stornieren|deaktivieren|abmelden)\b", ""),
            ("löschen|schließen|beende|deaktivieren|storniere", r"\b(?:löschen|schließen|beenden?|deaktivieren|stornieren?) (?:sie|wir|ich|man)? ?~20~\b" + _CONTRACT + r"\b", ""),
            ("downgrad|zurückstufen|herabstufen|zurück|runter", r"\b(?:zurückstufen|herabstufen|downgraden)\b|\b(?:zurück|runter) (?:auf|zu|zum) (?:\w+ )?(?:free|kostenlos\w*|gratis\w*)", "was passiert beim"),
            ("alles|aussteig|vertrag", r"\balles (?:kündigen|beenden|stornieren)\b|\b(?:aussteigen|raus) ~15~\bvertrag\b|\baus (?:dem|unserem|meinem) vertrag (?:aussteigen|raus|herauskommen)"),
            ("verlänger", r"\b(?:automatische\w* )?verlängerung ~15~(?:ab|aus|deaktiv|stopp|verhinder)\w*|\bnicht (?:mehr |automatisch )?verlänger\w+", "zertifikat", "fixed"),
            ("anbieter|konkurrenz|mitbewerb|alternative", r"\b(?:wechs\w+|umsteigen|steigen|gehen|suchen?|umzusteigen) ~30~\b(?:anderen anbieter|anderem anbieter|"
             r"konkurrenz|mitbewerb\w+|alternative\w*)"),
            ("bin weg|sind weg|bin raus|sind raus", r"\b(?:ich bin|wir sind) (?:dann )?(?:weg|raus)\s*(?:[.!]|$)"),
        ],
        "security_incident": [
            ("gehackt|hacker|gehackte", r"\bgehackte?\w*|\bhacker\w*"),
            ("kompromittiert|gestohlen|geklaut|übernommen|geleakt|missbraucht",
             r"\b(?:konto|account|passw\w+|daten|rechner|postfach|laptop|handy|notebook|computer|zugang\w*)\b ~30~\b(?:kompromittiert|gestohlen|geklaut|"
             r"übernommen|geleakt|missbraucht)\b", "einstellungen übernommen|daten übernommen"),
            ("jemand|unbekannt|fremde|ehemalig|ex-", r"\b(?:jemand|unbekannte\w*|fremde\w*|ex-?\w+|ehemalige\w* \w+) ~55~\b(?:angemeldet|eingeloggt|zugriff auf|zugegriffen|"
             r"passwort geändert)\b"),
            ("fremd|unbekannt|anderes|anderer|kenne", r"\b(?:jemand (?:fremde\w*|unbekannte\w*|anderes|anderer)|(?:ein|eine|einen) (?:fremde\w*|unbekannte\w*)|personen?, die (?:wir|ich) nicht kenne\w*) ~25~\b(?:in|im|auf) "
             r"(?:mein|unser|dem|den)\w* ?(?:konto|account|workspace|arbeitsbereich|team|bereich|dokument\w*)"),
            ("öffentlich|im internet|im netz|auffindbar|bei google|einsehbar|sichtbar", r"\b(?:vertraulich|intern|privat|geheim)\w* (?:\w+ ){1,3}~25~\b(?:öffentlich|im internet|im netz|auffindbar|einsehbar|sichtbar|bei google)\b", "wie (?:mache|kann|stelle)"),
            ("gefälscht|fake", r"\b(?:gefälscht|fake)\w*[- ](?:\w+ )?(?:login|anmelde)?-?(?:seite|mail|e-mail|website|rechnung|nachricht|link)\w*"),
            ("zugriff|anmeld|login|aktivität|gerät", r"\b(?:unbefugt|unberechtigt|verdächtig)\w* (?:\w+ )?(?:zugriff|anmeld|login|aktivität|gerät)\w*|\bunbekannte\w* (?:anmeld|login|gerät)\w*"),
            ("phishing", r"\bphishing[- ]?(?:e-?)?(?:mail|angriff|link|seite|nachricht|versuch)\w*|\bauf ~15~phishing\b"),
            ("datenleck|datenpanne|datendiebstahl|sicherheitslücke|sicherheitsvorfall|ransomware|trojaner|schadsoftware|erpress",
             r"\bdaten(?:leck|panne|diebstahl)\w*|\bsicherheits(?:lücke|vorfall)\w*|\bransomware\b|\btrojaner\b|\bschadsoftware\b|\berpress\w+"),
            ("fremden kunden|anderer kunden|anderen kunden|fremder kunden", r"\b(?:daten|rechnung\w*|tickets?|nachrichten) ~20~\b(?:fremde[rns]|andere[rns]) kunden"),
            ("angefordert", r"\b(?:code|link|mail|passwort) ~35~nicht (?:selbst )?angefordert\b", "", "fixed"),
        ],
        "press": [
            ("redakteur|journalist|reporter", r"\b(?:ich bin|als|bin) (?:\w+ ){0,2}(?:redakteur|journalist|reporter)\w*|\b(?:redakteur|journalist)(?:in)? (?:bei|der|vom)\b"),
            ("interview", r"\binterview\w* ~40~\b(?:magazin|zeitung|zeitschrift|radio|fernsehen|podcast|redaktion)\b|\b(?:magazin|zeitung|zeitschrift|radio|fernsehen|podcast|redaktion)\b ~40~\binterview", "bewerbung|bewerber"),
            ("presse|medien|öffentlichkeit|zeitung|fernsehen", r"\b(?:an|zur|bei) (?:die |der )?(?:presse|medien|öffentlichkeit|zeitung)\b|\bpresse(?:anfrage|stelle|kontakt|sprecher\w*)\b|"
             r"\b(?:zum|ins|beim) fernsehen\b"),
            ("twitter|facebook|instagram|linkedin|social media|sozialen medien|bewertung",
             r"\b(?:werde\w*|dann|gehe) ~40~\b(?:twitter|facebook|instagram|linkedin|social media|sozialen medien) ~25~(?:veröffentlich|poste|teile|schreib|stell)\w*|"
             r"\b(?:negative|schlechte|1-sterne|ein-stern)[- ]?bewertung\w*"),
        ],
        "anger": [
            ("frechheit|unverschämt|unfassbar|lächerlich|saftladen|inakzeptabel|unzumutbar|katastrophe|unglaublich",
             r"\bfrechheit\b|\bunverschämt\w*|\bunfassbar\b|\blächerlich\w*|\bsaftladen\b|\binakzeptabel\b|\bunzumutbar\b|\beine? (?:\w+ )?katastrophe\b|"
             r"\beinfach unglaublich\b", "unfassbar (?:gut|schnell|toll|praktisch)"),
            ("schlecht|miserabel|miserable|mieser|katastrophal|unterirdisch",
             r"\b(?:so einen|so ein|noch nie|solch\w*) (?:\w+ )?schlechte\w*|\b(?:schlechte\w*|miserable\w*|mieser?|miese[ns]?|katastrophale\w*|unterirdische\w*) "
             r"(?:\w+ )?(?:service|support|kundenservice|kundendienst|software|update|version|programm)\b"),
            ("nase voll|schnauze voll|reicht", r"\b(?:nase|schnauze) (?:gestrichen )?voll\b|\b(?:mir|uns|jetzt) reicht'?s?\b|\bes reicht (?:mir|jetzt|langsam)\b|\bmir reicht es\b"),
            ("sauer|wütend|verärgert|empört|kotzen|scheiß|mist|dreck|verarsch", r"\b(?:stink)?sauer\b|\bwütend\b|\bverärgert\b|\bempört\b|\bzum kotzen\b|\bscheiß\w*|"
             r"\b(?:dieser|so ein|was für ein|der ganze|absoluter) (?:\w+ )?(?:mist|dreck|schrott)\b|\bverarsch\w*"),
            ("inkompeten|witz|scherz|nervt|enttäusch", r"\binkompeten\w+|\b(?:ist|soll) (?:das |doch |wohl )*(?:ein |ein schlechter )(?:witz|scherz)\b|"
             r"\bnervt (?:gewaltig|extrem|total|nur noch|ohne ende|mich)\b|\b(?:sehr|maßlos|extrem|total|schwer|wirklich) enttäuscht\b"),
            ("keine antwort|keine reaktion|zum dritten|zum vierten|zum fünften|x-ten",
             r"\bseit ~20~(?:wochen|tagen|monaten) ~8~keine (?:antwort|reaktion|rückmeldung)\b|\bzum (?:dritten|vierten|fünften|x-?ten) mal\b", "", "fixed"),
        ],
        "asks_for_person": [
            ("mensch|mitarbeiter|ansprechpartner|berater", r"\b(?:mit|zu) (?:einem|einer|nem|ihrem|eurem) (?:\w+ )?(?:menschen|mitarbeiter\w*|ansprechpartner\w*|berater\w*|person)\b|"
             r"\b(?:echte\w*|richtige\w*) (?:mensch|person|mitarbeiter|ansprechpartner)\w*"),
            ("jemand", r"\bmit jemand\w* (?:\w+ ){0,2}(?:sprechen|reden|telefonieren|gesprochen)\b"),
            ("vorgesetz|chef", r"\bvorgesetzt\w+|\b(?:ihr\w*|euer\w*|eur\w*|den) chef\w*\b"),
            ("ruf|anruf", r"\b(?:rufen sie|ruft|ruf) (?:mich|uns|bitte|doch)\b|\b(?:bitte|um) (?:um )?(?:\w+ )?rückruf\b|\bzurückrufen\b|\brückruf\b|\bkann mich ~15~anrufen\b"),
            ("telefon|hotline", r"\btelefonnummer\b ~40~\b(?:erreich\w*|anrufen|support|service)\b|\b(?:gibt es|ihre|eure|welche) ~12~(?:telefonnummer|hotline)\b|"
             r"\btelefonisch (?:erreich|sprech|kontakt|klär)\w*", "hinzufügen|adressbuch|kontakte"),
            ("bot|roboter", r"\bkein(?:en|em)? (?:chat)?(?:bot|roboter)\b|\b(?:bist du|sind sie|ist das) (?:ein |nur ein )?(?:chat)?(?:bot|roboter)\b", "", "fixed"),
        ],
    },
    unless=_GUARDS,
)  # fmt: skip
