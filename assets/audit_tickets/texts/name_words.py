"""Words that are both names and ordinary words, and words that stand where a name could.

Belongs here: lists only. `name_finder` redacts a name that is also a word (Mark, Will, Rosa, König) only where the
sentence shows that a person is meant.
"""

from __future__ import annotations

from assets.audit_tickets.texts.personal_data import words

MID_SENTENCE_WORDS = words(
    """
    abbey alba amber angel archer art autumn baker banks barber bell best bill bird bishop black blanco brook
    brown buck bush butler carol carter case cash chance chase chip church clay cliff cook cooper crane cross
    crystal dale daisy dean dick dot drew duke earl eve faith field fields fisher flores forest fox frank frost
    gates gene ginger glen gold grace grant gray green guy hand hardy harper hill hope hunt hunter iris ivy jack
    jay joy king knight lamb lance lane law lily long love luz mark marks mason max may miles miller moon olive
    page paris park parker pat paz pearl penny pilot pole porter potter power powers price ray read reed rich rico
    rio rivers rob robin rock rose royce ruby rusty ryan sage sandy sharp short sky small snow sol sonny star
    stone strong sue summer swift tab tag taylor trace trip turner victor violet wade ward way web webb west white
    wild will win wise wolf wood woods young christian carry bloom blue link save sender post mail draft archive
    filter folder thread key port host local server reply
    """
)
"""Capitalised in the middle of an English sentence they are names; otherwise they are words."""

STRICT_WORDS = words(
    """
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday windows outlook thunderbird mozilla firefox google apple microsoft gmail yahoo
    android office mai juni juli märz alt anders bach bauer baum berg brief busch ende engel ernst fromm
    fuchs graf groß gross hahn hand heil herbst herr herrmann frau jung kaiser kern klein koch könig koenig kraft
    krause kurz lang lange licht neu neumann post rat reich richter rot roth sauer schneider schwarz sommer
    sonntag freitag montag stark stein teufel vogel voll weiß weiss winter wolf wunder zimmer haas hase frei fest
    gut hell hoch recht seite bueno calle calvo campo campos casa casas castillo cruz delgado domingo dolores
    esperanza fuente fuentes gallo guerra iglesias jesús jesus leal león leon lugar mar mercado mercedes moreno
    nieves pastor pilar plaza prado remedios reyes ríos rios rosa rosario rubio santos sierra soledad torre torres
    vega viernes sábado serrano may case web mail key post save link page tab tag via von
    van den der del los las
    """
)
"""Always capitalised in some language or product: names only in a greeting, a sign-off or beside another name."""

ROLE_WORDS = words(
    """
    support team service services help helpdesk desk admin administrator bot sales info customer customers user
    users guest anonymous office contact noreply no-reply system billing moderator agent staff kundenservice
    kundendienst soporte equipo atención cliente ventas technik vertrieb newsletter notifications mailer webmaster
    test tester unknown deleted company gmbh inc ltd llc corp group department automation automatic reply the and
    """
)
"""Not a person: a display name of two words with one of these is left alone."""

NOT_A_PERSON = ROLE_WORDS | words(
    """
    tia grazie merci obrigado obrigada
    mr mrs ms mx dr prof herr herrn frau sr sra srta don doña monsieur madame
    all there everyone everybody folks guys again you your sir madam sirs ladies gentlemen friends friend
    community alle allerseits zusammen leute damen herren liebe euch ihnen dir voraus vorab nochmal nochmals hilfe
    antwort mühe für sehr schon mal und aber ich wir sie die der das es ist bitte guten supportteam
    thunderbirdteam hilfeteam todos todas equipo amigos señores señoras señor señora buenas buenos tardes días
    noches muy por de antemano mucho hi hello hey hallo hola dear thanks thank regards best cheers sorry yes no
    please the this that what when where how why if it is my we they and but or so for to in on at after before
    now then also ps note update edit question problem issue thunderbird mozilla firefox windows linux ubuntu mac
    macos microsoft outlook google gmail apple yahoo android aol mozillian mozillians kb imap smtp pop sumo world
    group forum helper helpers volunteers experts expert gurus guru advance much lot lots very so kindly great
    good happy new nice any anyone someone something everything everybody's monday tuesday wednesday thursday
    friday saturday sunday january february march april june july august september october november december
    montag dienstag mittwoch donnerstag freitag samstag sonntag mfg lg vg regards wishes grüße gruß gruss grüsse
    saludos saludo atentamente gracias danke dank cordialmente sincerely rgds sent from see re fw fwd an am as
    with without not
    """
)
"""After "Hi", "Thanks," and the like these are no names."""
