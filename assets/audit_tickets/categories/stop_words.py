"""Words that say nothing about what a ticket is about: function words, greetings, thanks and the words of asking for help.

Belongs here: lists for the languages a desk commonly has. Does not belong here: a desk's own product words, which are
found by how many of its tickets hold them (``candidate_names``).
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = """
a about above after again against all almost also although always am an and another any anybody anyone anything are
aren't around as ask asked at away back be became because become been before being below between both but by came can
can't cannot cant come could couldn't couldnt did didn't didnt do does doesn't doesnt doing don't done dont down during
each either else even ever every everything few find first for from further get gets getting give go goes going gone
got had has hasn't hasnt have haven't havent having he her here hers him his how however i i'd i'll i'm i've if im in
into is isn't isnt it it's its itself ive just keep keeps kept know last later least less let like longer look looked
looking lot lots made make makes making many may maybe me might mine more most much must my myself need needed needs
never new no nobody non none nor not nothing now of off often ok okay old on once one ones only or other others our
ours out over own per perhaps please put quite rather re really recent recently right said same saw say says second see
seem seems seen she should shouldn't since so some somebody someone something sometimes somewhere soon still such sure
take taken tell than that that's thats the their theirs them themselves then there there's theres these they thing
things think this those though through thru thus till time times to today together too took toward tried try trying two
under unless until up upon us use used using usually very via want wanted wants was wasn't wasnt way we well went were
weren't what what's whatever when whenever where whether which while who whole whom whose why will with within without
won't wont work worked working works would wouldn't wouldnt yes yesterday yet you you'd you'll you're your yours
hello hi hey dear greetings good morning afternoon evening day days thanks thank thx cheers regards kind best sincerely
welcome sorry appreciate appreciated advance help helps helped helping assist assistance support question questions
problem problems issue issues trouble advice urgent asap solution solutions solve solved fix fixed fixes resolve
show shows showing showed shown appear appears appeared appearing occur occurs occurring allow allows normally correctly
properly randomly several example different existing actual current currently far fact important better whenever
completely simply simple run running seem seemed means mean
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
november december week weeks month months year years hour hours minute minutes ago suddenly anyway actually already able unable possible impossible happen happened happening happens start started
"""

GERMAN = """
ab aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist bitte da
dabei dadurch dafür dagegen daher damit danach dann daran darauf das dass daß davon dazu dein deine dem den denn der
deren des deshalb dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines
einfach er es etwas euch euer eure für geht gegen gehabt habe haben hallo hat hatte hatten hätte heute hier hilfe ich
ihm ihn ihnen ihr ihre im immer in ins ist ja jede jedem jeden jeder jedes jetzt kann kannst kein keine keinem keinen
keiner können könnte konnte leider lieben liebe man mal mehr mein meine meinem meinen meiner mich mir mit möchte muss
müssen nach nicht nichts noch nun nur ob oder ohne schon sehr seit sein seine seinem seinen seiner sich sie sind so
soll sollte sondern um und uns unser unsere unter viel viele vielen vom von vor wann war waren warum was weil welche
welcher wenn wer werde werden wie wieder will wir wird wo wollen wurde wurden würde zu zum zur zwar zwischen guten tag
morgen abend danke dank vielen grüße gruß grüßen freundlichen freundliche mfg frage fragen problem probleme gibt bekomme
funktioniert geehrte geehrter damen herren
"""

SPANISH = """
a al algo alguien algún alguna algunas alguno algunos ante antes aquí así aún aunque bien cada casi como cómo con contra
cual cuál cuales cualquier cuando cuándo cuanto de del desde después donde dónde dos durante e el él ella ellas ello ellos
en entonces entre era eran es esa esas ese eso esos esta está están estaba estado estar estas este esto estos estoy fue
fueron gracias ha había hace hacer hacia han hasta hay haya he hola la las le les lo los luego más me mi mí mis mismo mucho
muchas muchos muy nada ni ningún ninguna no nos nosotros o os otra otras otro otros para pero poco por porque pues puede
pueden puedo que qué quien quién quiero quisiera se sea ser si sí sido sin sobre solo sólo somos son soy su sus también
tan tanto te tengo tiene tienen todas todo todos tu tus un una unas uno unos usted ustedes va vez y ya yo buenos buenas
días tardes noches saludos saludo estimado estimados favor ayuda ayudar ayudarme problema problemas duda pregunta cordial
hacerlo poder podría necesito necesita
"""

MORE = """
abbiamo ad alcune alcuni allo altra altre altri altro anche ancora appena avere avevo avuto ci chi chiedo cosa così cui da dagli dai
dalla dalle dallo dei degli delle dello detto deve devo dopo dove due ed eliminato era essere faccio fa fare fatto già giorni giorno
gli grazie ha hai hanno invece io l'ho loro lui mai mia mie miei mio molto negli nei nelle nessun nessuna nessuno niente nuovo
ogni ora ore per più poi poiché possibile posso può pure qualche qualcosa qualcuno quale quali quando quanto quella quelle quelli
quello queste questi quindi riesco riesce sarà scorso se sei sempre senza si siano sia solo sono sopra sotto sta stata stato sto
sul sulla sulle suo tra tre tutta tutte tutti tutto un'altra uno va vedo vedere viene voglio volta vorrei aiuto problemi prego
aan al alle alleen alles altijd andere ben bent bij blijft daar daarna dan dank dezelfde dit doe doen door dus een eens elke er ga
gaat gebruik gebruiken geen goed graag had haar hebben heeft hele hem hen hier hij hulp iemand iets ik ineens is ja jaar je jij
jullie kan kon kunnen krijg laat lang lukt maar mag maken me meer mijn mij moet mogelijk na naar niet niets nieuw nieuwe nog nu of
om onder ons onze ook opnieuw over paar probleem problemen sinds sommige staan staat steeds te tijd toch toen tot uit uw vanaf veel
via vraag waar waarom wanneer want was wat weer weet welke werkt wie wij wil wordt zal ze zelf zich zien zij zijn zo zou mvg
alors après aucun aucune aussi autre autres avant avez avoir car ce cela ces cet chaque chez comme comment dans déjà dès deux dois donc
elle elles encore entre étais était été être eu fait faire faut ici ils j'ai j'utilise jamais je jour jours là lors lorsque lui
leur leurs même merci mes moi n'ai n'est ni nos notre nous on ont ou où par parce pas peu peut peux plusieurs puis puisque quand
quel quelle quelque quelques qui quoi rien sa sans ses seul si son sont sous souhaite soit sur suis tous tout toute toutes très trop
veux voici voilà votre vous y aidez aide problème problèmes cordialement salut
ainda algum alguma antes aparece até bem boa bom com como consigo da das dele dela depois desde dia dias do dois e ela ele eles em
entre era essa esse esta este estou eu fazer foi for gostaria há isso isto já lá mais mas me mesmo meu meus minha minhas muito na
não nem nenhum no nós nos nova novo num o onde os ou outra outro outros para pela pelo pode poder por porque posso pra preciso
qual quando que quem quero se seja sem ser seu seus só sobre somente sua suas também tem tenho ter toda todas todo todos tudo um
uma vai vez você vocês vou ajuda problema problemas bom dia
le la les des du de et en un une je il elle nous vous ne pas que qui est sont dans pour sur avec mon ma mes bonjour merci
plus ce cette au aux par mais ou si comment pourquoi ai depuis suis fait être avoir tout
il lo gli i le di da del della dei e è un una che non mi si per con su sono ho come perché nel nella alla al grazie
buongiorno salve ciao questo questa più ma anche dal se ha stato
de het een en van ik is dat die niet op te zijn met voor mijn er maar om hoe kan ook dan bij naar heb heeft wat als geen
nog wel meer deze dit wordt worden door bedankt hallo
o os as um uma do da dos das no na nos nas eu não para por com meu minha como mas mais ao foi tem obrigado olá está isso
"""

LINKS = _words(
    """of to from in on for with and or by as into off out at between without via
    von zu aus für mit der die das und im in auf bei nach ohne oder zum zur vom
    de del la el en con para por y sin al los las o
    di da per con senza e del della le il du des pour avec et sans"""
)
"""Words that may stand inside a name: "Import contacts from Outlook", "Fehler bei der Anmeldung"."""

ARTICLES = _words("a an the my your our their this that")
"""Words inside a phrase that a name leaves out: "Import from an Outlook" is "Import from Outlook"."""

REFUSALS = _words("cannot can't cant unable couldn't won't doesn't")
"""Words that tell, right before a phrase, that the customer cannot do what it says."""

STOP_WORDS = _words(ENGLISH) | _words(GERMAN) | _words(SPANISH) | _words(MORE)
