"""English wording of distress, anger, the press and the wish for a person, read by `risk_patterns_en`.

Belongs here: how English-speaking customers say how they feel and whom they want. Does not belong here: money, law,
leaving and security (`risk_patterns_en`), anything about matching. "fixed" marks a phrase that a preceding "not" does
not undo.
"""

from __future__ import annotations

from assets.audit_tickets.roadmap.risk_patterns import Rule, compile_rules

_KIN = (
    r"(?:husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|partner|friend|child|baby|boss|"
    r"grand\w+|uncle|aunt)"
)

_GUARDS = {
    "press": r"\b(?:media (?:tab|player|library|folder|gallery)|press (?:the|on|enter|ctrl|kit)|student)\b",
    "asks_for_person": r"\b(?:contact person|human[- ]readable|assign\w* an? agent)\b",
    "self_harm": r"\b(?:prevention|helpline|charity|organi[sz]ation|squad|research|awareness)\b",
}

PEOPLE_RULES: tuple[Rule, ...] = compile_rules(
    {
        "distress": [
            ("wits", r"\bwits?'? ?end\b"),
            ("desperate", r"\b(?:i'?m|i am|we'?re|we are|getting|feel\w*|so|really|am) (?:\w+ )?desperate\b|"
             r"\bdesperate (?:for help|now|please)\b|\bhelp\b ~15~\bdesperate\b", "desperate sounding"),
            ("crying|tears|sobbing|cried", r"\b(?:i'?m|i am|sitting|started|been|was|makes? me) (?:\w+ ){0,2}(?:crying|sobbing)\b|"
             r"\bin tears\b|\bi cried\b", "crying out for"),
            ("panic", r"\bpanic attacks?\b|\bin (?:a )?(?:\w+ )?panic\b|\b(?:i'?m|i am|am|are|was|starting to) panic\w*",
             "kernel panic|panic button"),
            ("sleep|slept", r"\b(?:i|we) (?:have ?n'?t|have not|can'?t|cannot|could ?n'?t|barely) (?:slept|sleep)\b", "", "fixed"),
            ("passed|died|deceased|dying|cancer|death|funeral|late ",
             r"\b(?:my|our) (?:\w+ )?" + _KIN + r"\b ~25~\b(?:passed(?: away)?|died|deceased|is dying|has cancer|death|funeral)\b|"
             r"\bmy (?:late|deceased) " + _KIN + r"\b|\b(?:death|funeral) of my\b"),
            ("scared|terrified|heartbroken|devastated|distraught|overwhelmed|helpless|hopeless|depressed|frightened",
             r"\b(?:i'?m|i am|i feel|feel\w*|we are|am|honestly|so|completely|totally|utterly) (?:\w+ ){0,2}(?:scared|terrified|"
             r"heartbroken|devastated|distraught|overwhelmed|helpless|hopeless|depressed|frightened)\b",
             "devastated by the (?:colou?r|font|theme)"),
            ("ruin|destroy|lose my|lost my|losing my|livelihood|life savings",
             r"\b(?:ruin|destroy)\w* (?:my|our) (?:life|business|career|marriage|health|family)\b|"
             r"\b(?:lose|lost|losing) (?:my|our) (?:job|business|house|home|livelihood|life savings)\b"),
            ("afford|pay", r"\bcan(?:'?t|not) (?:afford|pay) ~20~\b(?:rent|staff|food|bills|medic\w+|employees|wages|renewal)\b",
             "", "fixed"),
            ("don't know what|dont know what|do not know what",
             r"\b(?:don'?t|do not) know what (?:else )?to do (?:any ?more|without)\b", "", "fixed"),
            ("go on|carry on|take it|take this|take any|cope|falling apart",
             r"\b(?:can'?t|cannot|can not|don'?t want to|do not want to|no longer|unable to) (?:\w+ )?(?:(?:go|carry) on (?:like this|any ?more|any longer)|take (?:it|this) any ?more|cope\b(?! with "
             r"(?:large|big|long|the (?:size|load))))|\b(?:everything|my (?:whole )?(?:life|world)|i am|i'm) (?:is )?(?:just )?falling apart\b", "", "fixed"),
            ("begging|beg you|i beg", r"\b(?:i'?m|i am) begging\b|\bi beg (?:you|of you)\b|\bbegging you\b"),
            ("breakdown|please please", r"\b(?:nervous|mental|having a) breakdown\b|\bplease,? please ~12~help\b"),
        ],
        "self_harm": [
            ("kill|hurt|harm", r"\b(?:kill|hurt|harm)(?:ing)? myself\b", "hurt myself (?:laughing|on)"),
            ("my life|my own life|it all", r"\bend(?:ing)? (?:my (?:own )?life\b|it all\b(?! (?:with|in|on|by|at)\b))|\btak(?:e|ing) my own life\b"),
            ("die|dead|better off", r"\bi (?:\w+ ){0,3}(?:want|wanna|wish|rather|ready) (?:\w+ ){0,2}(?:die|be dead|was dead|were dead)\b|"
             r"\bbetter off (?:dead|without me)\b"),
            ("suicid", r"\bsuicid(?:e|al)\b"),
            ("better off without|better if i", r"\bbetter off without me\b|\bbetter if i (?:was ?n'?t|were ?n'?t|was not|were not) "
             r"(?:here|alive|around)"),
            ("live|alive|wake up|living", r"\b(?:don'?t|do not) want to (?:live|be alive|wake up|go on living)\b(?! in| chat| with)|"
             r"\b(?:no|not any) (?:reason|point) (?:to|in) (?:live|living)\b|\bnot worth living\b"),
            ("pills", r"\b(?:took|taken|swallowed) (?:all |too many )?(?:my |the |some |these )?pills\b"),
            ("be alive|around much", r"\bwon'?t be (?:alive|around much longer)\b"),
        ],
        "press": [
            ("journalist|reporter|columnist", r"\b(?:i'?m|i am|we are|as|this is) (?:a |an |the )?(?:\w+ ){0,2}(?:journalist|"
             r"reporter|columnist)\b|\b(?:journalist|reporter) (?:here|from|with|at)\b", r"crash\w* reporter"),
            ("press|media", r"\b(?:press|media) (?:contact|inquir\w+|enquir\w+|office|officer|spokes\w+|request|statement|query)\b"),
            ("press|media|newspaper|television|tv |journalist",
             r"\b(?:contact\w*|go|going|talk\w*|speak\w*|tell|wr[io]te|inform|call|take (?:this|it)|turn) (?:\w+ )?(?:(?:to|with) )?(?:the |local |a )"
             r"(?:press\b(?! \w*(?:send|button|key))|media|newspapers?|tv|television|journalists?)\b"),
            ("twitter|linkedin|facebook|reddit|youtube|tiktok|instagram|social media|trustpilot|everyone|online|review",
             r"\b(?:will|'ll|going to|gonna|shall|about to|forced to|have to|happy to|let me) (?:\w+ ){0,2}(?:post|share|publish|put|tell|tweet|"
             r"expose|blast|leave|write) ~40~\b(?:twitter|linkedin|facebook|reddit|youtube|tiktok|instagram|social media|trustpilot|"
             r"everyone|all over|one-star|1-star|(?:bad|negative) reviews?)"),
            ("followers|star review|bad review|negative review",
             r"\bmy (?:\w+ ){0,2}followers\b|\b(?:one|1|zero|0|bad|negative)[- ]?(?:star )?reviews?\b"),
            ("interview", r"\binterview\b ~40~\b(?:magazine|newspaper|newsroom|paper|radio|television|tv|podcast|channel|publication|broadcaster)\b|"
             r"\b(?:magazine|newspaper|newsroom|radio|television|tv|podcast|publication|broadcaster)\b ~40~\binterview\b", "job interview|candidate|notes|template"),
            ("story|for comment|piece on|article for", r"\b(?:writing|write|prepar\w+|working on|running) (?:a|an) (?:story|piece|article for|report for)\b|"
             r"\brequest for comment\b"),
        ],
        "anger": [
            ("worst|terrible|horrible|awful|appalling|abysmal|pathetic|disgraceful|disgusting|dreadful|atrocious|lousy",
             r"\b(?:worst|terrible|horrible|awful|appalling|abysmal|pathetic|disgraceful|disgusting|dreadful|atrocious|lousy) (?:\w+ )?(?:support|"
             r"service|compan\w+|products?|software|updates?|experience|app|programs?|design|interface|upgrades?|versions?|ever|thing|"
             r"attitude|layout|ui|i have|i've)\b|\b(?:is|was|are) (?:\w+ )?(?:pathetic|disgraceful|appalling|abysmal|disgusting|atrocious)\b"),
            ("useless|worthless", r"\b(?:absolutely|completely|totally|utterly|bloody|is|are|was|how) (?:useless|worthless)\b", "folder|field|icon"),
            ("unacceptable|outrageous|outrage|ridiculous|disgrace", r"\b(?:unacceptable|outrageous|an outrage|ridiculous|a disgrace)\b"),
            ("joke|kidding|are you serious", r"\b(?:is|was|what|such) a (?:\w+ )?joke\b|\bare you (?:kidding|joking|serious)\b|\byou must be joking\b"),
            ("fed up|sick of|tired of|had enough|had it with", r"\bfed up\b|\bsick (?:and tired )?of\b|\btired of (?:being|this|these|you|your|having)\b|"
             r"\b(?:had|have) (?:just )?(?:had )?enough\b(?= of|[.!,]|$)|\bhad it with\b"),
            ("shame on|how dare|shameful", r"\bshame on (?:you|them)\b|\bhow dare you\b|\bshameful\b"),
            ("furious|livid|outraged|pissed|infuriat|angry|enraged|annoyed|mad at",
             r"\b(?:furious|livid|outraged|pissed|infuriat\w+|enraged)\b|\b(?:i'?m|i am|we are|we're|am|very|extremely|really|so|frankly) "
             r"(?:\w+ )?(?:angry|annoyed|mad at you|mad at)\b"),
            ("crap|shit|garbage|junk|rubbish|trash|bullshit", r"\b(?:piece|bunch|load|pile) of (?:\w+ )?(?:crap|shit|garbage|junk|rubbish|trash)\b|"
             r"\b(?:what|such|total|complete|utter|this|absolute) (?:crap|shit|bullshit|garbage|rubbish|trash)\b", "junk (?:folder|mail)"),
            ("suck", r"\b(?:it|this|that|update|version|support|design|thunderbird|interface|redesign|layout|ui|really|absolutely) (?:\w+ )?sucks?\b",
             "sucks up"),
            ("wtf|what the|fuck|f**k|goddamn|damn", r"\bwtf\b|\bwhat the (?:hell|heck|f\w*)\b|\bfuck\w*|\bgoddamn\b|\bdamn (?:thing|program|update|it)\b"),
            ("crooks|scammers|thieves|liars|idiots|morons|incompeten|clowns|rip-off|ripoff|rip off|a scam|theft",
             r"\byou (?:people |guys |lot |all )?(?:are|'re) (?:\w+ ){0,2}(?:crooks|scammers|thieves|liars|idiots|morons|clowns)\b|"
             r"\bincompeten\w+\b|\bthis is (?:\w+ )?(?:a |an )?(?:rip-?\s?off|scam|theft|daylight robbery)\b"),
            ("hate", r"\b(?:i|we|everyone|users) (?:\w+ )?hate (?:this|the|your|it|that|these|what|how)\b"),
            ("disappoint|frustrat|annoy|upset", r"\b(?:extremely|very|so|really|beyond|incredibly|deeply|bitterly|massively|utterly|super) "
             r"(?:disappoint|frustrat|annoy|upset)\w*"),
            ("waste of|wasted", r"\b(?:waste|wasting) (?:of )?(?:my |our |everyone's )?(?:time|money)\b|\bwasted (?:\w+ ){0,3}(?:hours|days|weeks|my time)\b"),
            ("nobody asked|no one asked|stop changing|stop breaking|stop messing|unbelievable|how can you be",
             r"\b(?:nobody|no one) (?:asked for|wants)\b|\bstop (?:changing|breaking|messing)\b|\bunbelievable\b\s*(?:[.!]|$)|\bhow can you be so\b", "", "fixed"),
            ("third|fourth|fifth|sixth|tenth|times", r"\b(?:third|fourth|fifth|sixth|tenth|\dth|3rd) (?:e-?mail|message|ticket|request|time (?:i|we)|reminder)\b|"
             r"\b(?:three|four|five|six|ten|\d+) times\b ~12~(?:now|already|and)\b", "account|address"),
            ("weeks|days|month", r"\b(?:weeks?|days|months?) (?:and|without|with) (?:still )?(?:not one|no|not a single|nothing|any|a|one) (?:answer|reply|response|word)\b", "", "fixed"),
            ("did any|does any|even read", r"\b(?:did|does|has) any(?:one|body) (?:even |actually |bother to )*read\b"),
        ],
        "asks_for_person": [
            ("speak|talk|chat|connect|transfer|put me|get me|pass me|escalate",
             r"\b(?:speak|speaking|talk|talking|chat|connect me|transfer me|put me through|get me|get through|pass me|escalate (?:this|me|it)|connect) "
             r"~12~\b(?:to|with|on to|onto|a)\b ~14~\b(?:humans?|persons?|agents?|representatives?|rep|supervisors?|managers?|operators?|"
             r"real person|member of (?:staff|your)|support (?:staff|person))\b"),
            ("someone|somebody", r"\b(?:speak|talk|speaking|talking) (?:to|with) (?:some(?:one|body)|anyone|anybody)\b(?!'s)", "(?:my|our) (?:colleagues?|contacts?|customers?)"),
            ("human|live person|real person|live agent|actual person|real people|actual human",
             r"\b(?:real|live|actual) (?:live )?(?:person|human|people|agent)\b|\bhuman (?:agent|being|operator|representative|support|please)\b|"
             r"\b(?:need|want|get me|give me) (?:a|an|to see a) (?:\w+ )?human\b"),
            ("bot|robot|machine", r"\b(?:stop|enough|no more) ~12~\b(?:chat)?bots?\b|\b(?:are you|is this|am i (?:chatting|talking|speaking) (?:with|to)) (?:a |an )?(?:\w+ )?"
             r"(?:bot|robot|machine|chatbot)\b|\bnot (?:a|an|another) (?:\w+ )?(?:bot|robot|chatbot|machine)\b", r"robots.txt|captcha|\b(?:i am|i'm) not a robot", "fixed"),
            ("number", r"\b(?:is there|do you have|what is|what's|give me|any|have you got|find|where is|looking for|send me) ~18~\b(?:phone|telephone|contact|support|"
             r"customer service|hotline) (?:\w+ )?number\b", "add|field|verif|two-factor|sms|contacts|address book"),
            ("call me|ring me|phone me|give me a call|call us|give us a call|call-back|call back",
             r"\b(?:please|could|can|would|should|someone|somebody|you|manager|to) (?:\w+ ){0,4}?(?:call|ring|phone|telephone) (?:me|us)\b(?! (?:crazy|old|stupid|silly|dumb|paranoid))|"
             r"\bgive (?:me|us) a (?:call|ring)\b|\b(?:request|arrange|schedule|want|need) (?:a |an )?(?:phone call|call[- ]?back)\b", "callback (?:url|function)"),
            ("human|agent|representative|operator|person", r"^\W*(?:human|agent|representative|operator|real person|live agent|person)(?: please)?\W*$"),
            ("manager|supervisor", r"\b(?:your|a|the) (?:\w+ )?(?:manager|supervisor)\b ~15~\b(?:call|contact|respond|reply|please|now)\b|\bask(?:ing)? for (?:a|the|your) (?:manager|supervisor)\b",
             "password manager|task manager|file manager|profile manager|device manager|package manager|account manager|window manager|download manager|folder manager"),
        ],
    },
    unless=_GUARDS,
)  # fmt: skip
