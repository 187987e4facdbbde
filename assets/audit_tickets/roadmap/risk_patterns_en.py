"""English wording of the risk signals: rows of (keys, pattern[, unless[, "fixed"]]), read by `risk_patterns`.

Belongs here: how English-speaking customers say it, and the everyday phrases that only look like it. Does not belong
here: anything about matching. "fixed" marks a phrase that a preceding "not" does not undo ("not received my refund").
"""

from __future__ import annotations

from assets.audit_tickets.roadmap.risk_patterns import Rule, compile_rules

_KIN = (
    r"(?:husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|partner|friend|child|baby|boss|"
    r"grand\w+|uncle|aunt)"
)
_CONTRACT = (
    r"(?:subscription|membership|contract|(?:\w+ )?plan|account|trial|services?|auto-?renew\w*|licen[cs]es?|"
    r"workspace|renewal)"
)
_LAWYER = (
    r"(?:lawyers?|attorneys?|solicitors?|barristers?|legal (?:team|counsel|department|advis[eo]rs?|representatives?))"
)
_SOMEONE = r"(?:some(?:one|body)(?: else)?|stranger|hacker|thief|attacker|scammers?|ex[- ](?:employee|colleague|partner|wife|husband|boyfriend|girlfriend|admin)|former \w+)"

# An account inside a mail program is no contract: deleting one is housekeeping.
_MAIL_CLIENT = (
    r"\b(?:thunderbird|tb|outlook|gmail|yahoo|hotmail|imap|pop3?|e?-?mail accounts?|mails|e-?mails|server|profiles?|folders?|inbox|"
    r"messages|account settings|re-?add\w*|add (?:it|them)|again|re-?install\w*|re-?creat\w*|set(?:ting)? (?:it|them) up|"
    r"start (?:over|again|from)|when you delete|then add|if you delete)\b"
)

_GUARDS = {
    "billing_dispute": r"\b(?:battery|batteries|charger|charging port|usb|how do (?:our|my) customers)\b",
    "refund": r"\b(?:refund (?:policy|report|feature|button|terms|column|reason)|our (?:own )?customers|"
    r"money-?back guarantee|(?:form|webhook|api) ~20~refund)\b",
    "legal": r"\b(?:template|law firm|(?:i am|i'm|we are|we're) (?:a |an )?(?:\w+ )?(?:lawyers?|attorneys?|solicitors?)|"
    r"legal[- ]size|litigation hold|directory|legal notice)\b",
    "security_incident": r"\b(?:anti[- ]?virus|virus (?:scan\w*|software|check\w*|protection|program)|false positive|hackathon|life ?hack|simulation|hack together|"
    r"awareness training|memory leak)\b",
    "press": r"\b(?:media (?:tab|player|library|folder|gallery)|press (?:the|on|enter|ctrl|kit)|student)\b",
    "asks_for_person": r"\b(?:contact person|human[- ]readable|assign\w* an? agent)\b",
    "self_harm": r"\b(?:prevention|helpline|charity|organi[sz]ation|squad|research|awareness)\b",
}

ENGLISH_RULES: tuple[Rule, ...] = compile_rules(
    {
        "billing_dispute": [
            ("charged|billed|debited|invoiced",
             r"\b(?:charged|billed|debited|invoiced) (?:(?:me|us|my \w+|our \w+|for (?:it|this|that)) )?"
             r"(?:twice|double|two times|three times|again|for nothing|too much|more than|wrongly|incorrectly|"
             r"the wrong|the full|without)\b"),
            ("charged|billed|debited|took|renewed",
             r"\b(?:charged|billed|debited|took|renewed) ~45~(?:anyway|even though|although|despite|"
             r"without (?:any |my |our |a )?(?:asking|telling|notice|permission|consent|warning|authori))"),
            ("double", r"\bdouble[- ](?:charge[sd]?|billed|billing|payments?|invoiced?)\b"),
            ("overcharg|over-charg|overbill", r"\bover-?(?:charg|bill)\w*"),
            ("charge|payment|transaction|debit|withdrawal",
             r"\b(?:unauthori[sz]ed|unexpected|unknown|fraudulent|mysterious|strange|incorrect|wrong|surprise|"
             r"unrecogni[sz]ed|bogus|duplicate|erroneous) (?:credit card |card |paypal )?"
             r"(?:charges?|payments?|transactions?|debits?|withdrawals?)\b"),
            ("charge|payment|transaction|debit",
             r"\b(?:charges?|payments?|transactions?|debits?) ~45~\b(?:i|we) (?:(?:did|do|have)n'?t|did not|do not|"
             r"have not|never) (?:make|made|authori|agree|approve|recogni|order|recall|sign)", "", "fixed"),
            ("charge|payment|transaction|debit|withdraw|purchase",
             r"\b(?:charges?|payments?|transactions?|debits?|withdrawals?|purchases?)\b ~45~\b(?:i|we) (?:\w+ )?(?:didn'?t|did not|never|haven'?t|"
             r"don'?t|do not) (?:\w+ )?(?:make|made|do|did|complete|perform|create|set up|seen|remember)\b|"
             r"\b(?:charges?|payments?|transactions?|debits?|withdrawals?|purchases?)\b ~30~\b(?:is ?n'?t|is not|not|was ?n'?t|was not|are ?n'?t|are not) "
             r"(?:mine|ours|me|us|my own)\b|\b(?:did ?n'?t|did not|never) (?:make|made|authori[sz]ed?|do) (?:this|that|these|those|a|any) "
             r"(?:charges?|payments?|transactions?|debits?|withdrawals?|purchases?)", "", "fixed"),
            ("charge|payment|transaction|billed|debit",
             r"\b(?:charged?|charges|payments?|transactions?|billed|debit(?:ed|s)?|paid)\b ~35~\b(?:twice|more than once|multiple times|many times|several times|"
             r"too many times|duplicated?)\b|\b(?:duplicated?|repeat(?:ed)?) (?:\w+ )?(?:charges?|payments?|transactions?|debits?)\b|\bdoubled? charged\b",
             "can i pay|by mistake|accident"),
            ("where|what", r"\b(?:don'?t|do not) (?:understand|know) (?:where|what) (?:this|these|that|the) ~20~\b(?:charges?|payments?|transactions?|debits?)\b", "", "fixed"),
            ("recogni", r"\b(?:don'?t|do not|can'?t|cannot|didn'?t) recogni[sz]e ~20~(?:charge|payment|transaction|"
             r"debit|invoice)", "", "fixed"),
            ("authori", r"\b(?:did ?n'?t|did not|never) authori[sz]ed? (?:that|this|it|you|any|the (?:charge|payment))\b",
             "", "fixed"),
            ("still|keep|kept", r"\b(?:still|keeps?|kept) (?:being |getting |on )?(?:charg(?:ed|ing)|bill(?:ed|ing)|"
             r"debit(?:ed|ing)|taking (?:money|payments?|my money))"),
            ("why", r"\bwhy (?:was|were|am|are|have|did|is) (?:i|we|you|my \w+) ~20~(?:charg(?:ed|ing|e)|bill(?:ed|ing)|"
             r"debited)\b"),
            ("dispute|disputing", r"\bdisput(?:e|ing) (?:the|this|that|a|an|my|your|these) ~18~(?:charge|payment|transaction|"
             r"invoice|bill|amount)"),
            ("dispute|chargeback|charge back",
             r"\b(?:bank|card (?:issuer|company)|credit card|paypal|visa) ~45~(?:dispute|chargeback|charge back|reverse)|"
             r"\b(?:open|opened|file|filed|filing|start|raise) (?:a |the )?(?:dispute|chargeback)"),
            ("invoice|bill|amount|total|charge",
             r"\b(?:invoice|bill|amount|total|charge)\b ~30~(?:is|was|are|looks?|seems?) (?:wrong|incorrect|not right|"
             r"not correct|too high|higher than|a mistake)", "", "fixed"),
            ("invoice|bill|price|plan|cost|fee",
             r"\b(?:invoice|bill|price|plan|cost|fee)s? ~25~\b(?:went up|gone up|go up|doubled|jumped|tripled)\b"),
            ("from|out of|off", r"\b(?:took|taken|taking|withdrew|withdrawn|deducted?|deducting) "
             r"~25~(?:from|out of|off) (?:my|our) (?:\w+ )?(?:account|card|bank|paypal)"),
            ("charges|payments|subscriptions",
             r"\b(?:two|2|three|duplicate|multiple) (?:\w+ )?(?:charges|payments|subscriptions)\b",
             "add|how many|allow"),
            ("billed us|billed me|charged us|charged me|billing us|billing me|charging us|charging me",
             r"\b(?:bill|charg)(?:ed|ing) (?:us|me) ~40~\bbut\b"),
            ("promised|agreed|guaranteed|quoted",
             r"\b(?:promised|agreed|guaranteed|quoted) ~25~\b(?:price|rate|amount|discount)\b"),
        ],
        "refund": [
            ("refund", r"\b(?:want|need|like|request\w*|demand\w*|ask\w*|expect\w*|get|getting|deserve|entitled to|owed?|"
             r"issue|process|waiting|where(?:'s| is)|promised|when|about|insist on|eligible for) ~28~\brefund\b"),
            ("refund", r"\b(?:please|kindly|can you|could you|would you|must|will you|have to|you to|should) ~20~\brefund "
             r"(?:me|us|my|our|the|this|it|both|all|that)\b"),
            ("refund", r"\b(?:give|have|can i|how do i|where do i|possible|would like|apply for|due|supposed to) ~30~\b(?:a |my |the |be |an )?refund(?:ed)?\b|"
             r"\b(?:get|have) (?:\w+ ){0,3}refunded\b|\brefund\b ~30~\b(?:isn'?t|hasn'?t|has not|is not|not|missing|taking|yet|late|where)\b", "", "fixed"),
            ("order|purchase", r"\b(?:cancel|cancell?ing|return|retract|undo) (?:my|the|our|an|this|a) (?:\w+ )?(?:order|purchase)\b"),
            ("refund", r"\brefund (?:me|us)\b|\bmy refund\b|\b(?:full|partial|prompt|immediate) refund\b"),
            ("refund", r"\b(?:not|n'?t|never|no|still) (?:yet )?(?:received?|got(?:ten)?|seen|see) (?:\w+ )?refund\b",
             "", "fixed"),
            ("money back|money returned|payment back", r"\b(?:my|our|the|your) (?:\w+ )?(?:money|cash|payment|fee|deposit) "
             r"(?:back|returned)\b"),
            ("reimburs", r"\breimburse(?:ment|d| me| us)\b"),
            ("credit", r"\bcredit (?:me|us|my account|our account|the difference|back)\b", "credit us.{0,10}states"),
            ("reverse", r"\brevers(?:e|ing) (?:the|this|that|my|these) ~12~(?:charge|payment|transaction|renewal)"),
            ("difference", r"\bdifference (?:back|returned|refunded)\b"),
        ],
        "legal": [
            ("lawyer|attorney|solicitor|barrister|legal|counsel",
             r"\b(?:my|our|a|the|via|through) (?:\w+ )?" + _LAWYER + r"\b ~50~\b(?:advis\w*|contact\w*|letter|in touch|involved|says?|said|told|instruct\w*|"
             r"review\w*|check\w*|ask\w*|look\w*|liab\w*|deal\w*|hear|know|informed|disagree\w*)\b|"
             r"\b(?:contact\w*|consult\w*|forward\w*|speak\w*|talk\w*|refer\w*|hand\w*|turn\w*|call\w*|hear from|hir\w+|involv\w+|get|getting|see|seeing|go to|"
             r"going to|pass\w*|report\w*) ~25~\b(?:my|our|a|the|to) (?:\w+ )?" + _LAWYER + r"\b",
             r"e?-?mails? (?:to|from|for|with) (?:my|our|the) " + _LAWYER),
            ("legal action|legal proceed|legal step|legal consequence|legal recourse|legal remed|court|tribunal",
             r"\blegal (?:action|proceedings?|steps|consequences|recourse|remed\w+)\b|"
             r"\b(?:take|taking|see|seeing|drag) (?:you|this|them|it|the company|your company) (?:in|to|before) "
             r"(?:the |a )?(?:\w+ )?(?:court|tribunal)|\bsmall claims\b|\bcourt (?:action|order|proceedings)\b"),
            ("sue|suing", r"\b(?:prepared|ready|going|wants?|intend\w*|forced|decided?|threat\w*|right|planning|happy|able|"
             r"have|hesitate|reason) to sue\b|\b(?:will|shall|may|might|could|'ll|would|should) (?:\w+ )?sue\b|"
             r"\b(?:sue|suing|sued) (?:you|your|them|the company|for)\b",
             r"\bsue (?:get|have|be|see|need|still|also|use|log|receive|from|in)\b"),
            ("class action|class-action|lawsuit|litigation|cease and desist|false advertising|legally",
             r"\bclass[- ]action\b|\b(?:fil\w+|fac\w+|bring\w*|prepar\w+|join\w*|threat\w+|start\w*|expect|with|get) (?:\w+ ){0,2}law ?suits?\b|\blaw ?suit against you\b|\blitigation\b|\bcease and desist\b|\bfalse advertising\b|"
             r"\blegally (?:liable|responsible|binding|required|obliged)\b"),
            ("breach|violat|infring", r"\b(?:breach\w*|violat\w+|infring\w+) (?:of )?(?:the |your |our |my )?(?:contract|"
             r"agreement|gdpr|warranty|sla|privacy|rights|law|consumer|data protection|copyright|trademark|patent)"),
            ("gdpr|subject access|data subject|erasure|be forgotten|ccpa",
             r"\b(?:article|art\.?) ?(?:15|17|20|21) ~15~gdpr\b|\bgdpr ~12~(?:art\w*\.? ?\d+|request|complaint|violation)|"
             r"\b(?:subject access|data subject(?: access)?) request|\bright (?:to be forgotten|to erasure|of access)\b|"
             r"\bccpa (?:request|deletion)"),
            ("complain|report|authority|ombudsman|trading standards|better business|regulator|ftc|attorney general|police",
             r"\b(?:complain\w*|report\w*|file\w*|forward\w*|escalat\w*|contact\w*) ~45~\b(?:data protection (?:authority|"
             r"office\b)|ico|ftc|trading standards|consumer (?:protection|rights|affairs)|better business bureau|bbb|"
             r"ombudsman|attorney general|regulators?|police)\b|\bombudsman\b|\btrading standards\b"),
            ("reserve|liable|liability", r"\breserve (?:all )?(?:of )?(?:my|our) (?:legal )?rights\b|"
             r"\b(?:you(?:'re| are)?|company|hold you|held) ~15~\bliable\b"),
            ("illegal|unlawful|against the law", r"\b(?:this|that|it|which|you|what you do) (?:is|are|'s) (?:\w+ )?(?:illegal|"
             r"unlawful|against the law)\b"),
        ],
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
        "churn": [
            ("cancel|terminat|end |ending|stop|discontinu|quit|close|closing|deactivat|delete|deleting|get rid",
             r"\b(?:cancel|cancell?ing|cancell?ation of|terminat(?:e|ing|ion of)|end|ending|stop|discontinue|quit|clos(?:e|ing)|"
             r"deactivate|delet(?:e|ing)|get rid of) (?:my|our|the|this|your|a|that|it and close my) (?:\w+ ){0,2}?" + _CONTRACT + r"\b",
             _MAIL_CLIENT + r"|\b(?:calendar|newsletter|rss|feed|mailing list|floor plan|windows service|sync service|user account|"
             r"test account|(?:ms|microsoft) office)\b"),
            ("cancel", r"\b(?:how|where) (?:do|can|could|would|should|to)(?: (?:i|we|one))?(?: go about)? cancel(?:l?ing)?"
             r"(?: (?:it|this|everything|please|my \w+|our \w+))*\s*(?:[?.!]|$)"),
            ("cancel", r"\b(?:want|need|like|wish|going|decided|trying|have) to cancel\b(?! (?:the |a |my |an |this )?(?:down|up|send|"
             r"e-?mail|event|meet|job|sync|print|search|question|ticket|appoint|invit|import|export|schedul|previous|earlier|"
             r"reminder|install|update))"),
            ("cancel", r"\bcancell?ations? (?:procedure|process|form|request|link|confirmation|of (?:my|our|the))\b|"
             r"\bplease cancel\s*(?:[.!]|$|and\b|me\b|us\b|everything|immediately|now)"),
            ("account", r"\b(?:shut(?:ting)? down|disabl(?:e|ing)|inactivat\w+|remov(?:e|ing)|terminat\w+|delet(?:e|ing)|clos(?:e|ing)) (?:\w+ ){0,2}?(?:my|our|this|the company) "
             r"(?:\w+ )?accounts?\b|\b(?:delet(?:e|ing)|clos(?:e|ing)|terminat(?:e|ing)) (?:an |all )?accounts?\b|\bmy account (?:\w+ )?(?:terminated|closed|deleted|removed)\b",
             _MAIL_CLIENT),
            ("no longer", r"\bno longer (?:want|wish) to (?:be a customer|keep|have|use|continue)\b|\bno longer want this account\b", "", "fixed"),
            ("unsubscribe", r"\bunsubscribe from (?:the |my |your )?(?:\w+ )?(?:plan|service|subscription|pro|premium)\b"),
            ("renew", r"\b(?:turn|switch) off (?:the |my )?auto(?:matic)?[- ]?renew\w*|\bstop (?:the )?auto\w*[- ]renew\w*"),
            ("renew", r"\b(?:don'?t|do not|not|won'?t|will not|never) (?:want to |wish to |be |going to |to )?(?:auto-?)?renew(?:ing)?\b",
             "certificate|ssl|token|password|domain|lease", "fixed"),
            ("competitor|provider|tool|product|vendor|client|program|alternative|service|company|somewhere else|elsewhere",
             r"\b(?:switch|mov|migrat|chang|go|jump)\w* (?:\w+ )?(?:over |back )?to (?:a |another |your |an |some |the )?"
             r"(?:competitors?|competition|(?:different|other|another|new) (?:e-?mail |mail )?(?:provider|tool|product|service|vendor|"
             r"company|client|program)|provider|tool|vendor)\b|\b(?:business|go|going) elsewhere\b|"
             r"\blooking for (?:an? )?(?:alternatives?|replacement) to (?:you|this)", "how do i import|import contacts"),
            ("leav|ditch|dump|quit|switch", r"\b(?:we|i)(?:'ll| will| shall|'m| am| are|'re| may| might)? (?:be |now )?(?:going to )?"
             r"(?:leav(?:e|ing) (?:you|your|for good|the platform)|leave\s*(?:[.!]|$)|ditch\w* (?:you|this|thunderbird)|dump\w* (?:you|this|"
             r"thunderbird)|quit\w* (?:you|this service))|\b(?:consider\w*|thinking (?:of|about)) (?:leaving|switching|"
             r"cancell?ing|ditching|moving away)\b"),
            ("done with|no longer need|no longer want|no longer require|customer", r"\b(?:i'?m|i am|we'?re|we are) done with (?:you|"
             r"your|this company)|\bno longer (?:need|want|require|use) (?:your|the|this|my|our) (?:service|subscription|plan|"
             r"product|account|licen)\w*|\b(?:lose|losing|lost) (?:me|us) as a customer"),
            ("out of", r"\b(?:get|want|let me|need) out of (?:my|our|the|this) (?:contract|subscription|plan|agreement)\b"),
        ],
        "security_incident": [
            ("hacked|hacker|hacking", r"\b(?:hacked|hackers?|hacking)\b", "hacker news|growth hack"),
            ("compromised|breached|hijacked|taken over|stolen|leaked|infiltrated",
             r"\b(?:account|mailbox|profile|system|server|computer|e-?mail|password|site|data|credentials?|keys?|token)s?\b ~25~\b"
             r"(?:was|were|been|is|got|are|being|get) (?:\w+ )?(?:compromised|breached|hijacked|taken over|stolen|leaked|infiltrated)\b"),
            ("got into|gotten into|broke|logged|access|signed in|changed|using my|downloading",
             r"\b" + _SOMEONE + r" ~40~\b(?:got into|gotten into|broke into|broken into|logged in(?:to)? (?:to )?(?:my|our)|"
             r"accessed (?:my|our)|still has access|has access to (?:my|our)|gained access|signed in(?:to)? (?:to )?(?:my|our)|"
             r"changed (?:my|the|our) (?:password|recovery|e-?mail)|using my account|(?:been )?downloading (?:our|my))"),
            ("access|login|log-in|sign-in|signin|activity|device|session",
             r"\b(?:unauthori[sz]ed|suspicious|unknown|unrecogni[sz]ed|strange|foreign) (?:\w+ )?(?:access|log-?ins?|sign-?ins?|"
             r"activity|devices?|sessions?)\b"),
            ("using", r"\b(?:someone|somebody|anyone)(?: else)? (?:is|was|has been|has|may be|might be|could be|else might be) using (?:my|our)\b"),
            ("login|log-in|sign-in|signin", r"\b(?:see|seeing|saw|shows?|noticed|there (?:is|are|was|were)) ~25~(?:log-?ins?|sign-?ins?) from\b"),
            ("phish", r"\b(?:fell for|clicked|entered|received|receive|got|getting|sent|target\w*|victim|looks? like|this is) ~40~\bphish\w*|"
             r"\bphish\w+ (?:e-?mails?|attack|site|page|message|link|attempt|scam)\b", "phishing (?:filter|protection|detection|setting)"),
            ("data leak|data breach|security breach|security incident|ransomware|identity theft",
             r"\bdata (?:leak|breach)\b|\bsecurity (?:breach|incident)\b|\bransom ?ware\b|\bidentity theft\b"),
            ("malware|virus|trojan|spyware", r"\b(?:found|infected|have|got|has|is|with) (?:\w+ ){0,2}(?:malware|virus|trojan|spyware)\b"),
            ("vulnerabilit|security hole|security flaw|security bug|cve-|exploit|injection",
             r"\b(?:found|discovered|report\w*|disclos\w*|there is|there's) ~25~(?:vulnerabilit\w+|security (?:flaw|hole|bug))|"
             r"\bcve-\d{4}|\b(?:sql|code|script) injection\b|\bbeing exploited\b"),
            ("stolen|stole", r"\b(?:laptop|phone|computer|device|macbook|tablet|bag)\b ~15~\b(?:was|got|been|is) stolen\b|"
             r"\bstole(?:n)? (?:my |our )?(?:laptop|phone|computer|account|passwords?|identity|device)\b"),
            ("see", r"\b(?:can|could|able to|i) see (?:\w+ )?(?:another|other|someone else's|somebody else's|a different) (?:\w+ )?"
             r"(?:customer|compan|user|person|people|client|team|tenant|account)'?\w*", "how can i see|so (?:that )?i can see"),
            ("key|token|password|secret", r"\b(?:keys?|tokens?|passwords?|secrets?) ~30~\b(?:published|leaked|exposed|committed|posted) "
             r"(?:on|to|in|by)\b"),
            ("request", r"\b(?:code|link|e-?mail|reset|password) ~45~\b(?:i|we|nobody) (?:did ?n'?t|did not|never) (?:request|ask|initiat)\w*",
             "", "fixed"),
            ("never|didn't|did not", r"\b(?:e-?mails?|messages?|sent mails?|mails?)\b ~25~\b(?:i|we) (?:never|did ?n'?t|did not) "
             r"(?:sent|send|wrote|write|written)\b", "", "fixed"),
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
             r"(?:bot|robot|machine|chatbot)\b|\bnot (?:a|an|another) (?:\w+ )?(?:bot|robot|chatbot|machine)\b", "robots.txt", "fixed"),
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
