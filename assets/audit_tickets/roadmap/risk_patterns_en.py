"""English wording of the risk signals: rows of (keys, pattern[, unless[, "fixed"]]), read by `risk_patterns`.

Belongs here: how English-speaking customers say it, and the everyday phrases that only look like it, about money, law,
leaving and security. Does not belong here: what people say of themselves and want of people (`risk_patterns_en_people`),
anything about matching. "fixed" marks a phrase that a preceding "not" does not undo ("not received my refund").
"""

from __future__ import annotations

from assets.audit_tickets.roadmap.risk_patterns import Rule, compile_rules
from assets.audit_tickets.roadmap.risk_patterns_en_people import PEOPLE_RULES

_CONTRACT = (
    r"(?:subscriptions?|memberships?|contracts?|(?:\w+ )?plan|account|trial|services?|auto-?renew\w*|licen[cs]es?|"
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
}

ENGLISH_RULES: tuple[Rule, ...] = PEOPLE_RULES + compile_rules(
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
            ("dispute|chargeback|charge back|revers|recall",
             r"\b(?:bank|card (?:issuer|company)|credit card|paypal|visa) ~45~(?:disput\w+|chargeback|charge back|revers\w+ (?:it|the|this|that|your|both|all)|recall (?:it|the|this))|"
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
            (" back|returned", r"\b(?:my|our|the|your) (?:\w+ )?(?:money|cash|payment|fee|deposit) "
             r"(?:back|returned)\b"),
            ("back", r"\b(?:give|giving|pay|send|hand|transfer|put|return)(?:ing)? (?:(?:me|us|it|them|that|everything) )?back (?:to me |to us )?~15~(?:[€$£]|\b\d+[.,]?\d* ?(?:eur|usd|euros?|dollars?)|\b(?:money|"
             r"amount|payment|fees?|price|cash)\b)|\b(?:want|need|like|get|have|expect|demand|claim)\w* (?:my|our|the|this|that) (?:\w+ ){0,2}(?:money|payment|fees?|amount|price|deposit) back\b|"
             r"\b(?:want|need|like|get|have|expect|demand|claim|give|owe)\w* ~15~(?:[€$£] ?\d[\d,]*|\d[\d,]* ?(?:€|\$|£|eur\b|euros?\b|usd\b|dollars?\b|pounds?\b)) ?(?:\w+ ){0,2}back\b"),
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
            ("hear|know|learn|inform|told|writ|touch|contact|take over|handle|deal",
             r"\b(?:consumer (?:protection|rights|affairs)|regulators?|ombudsman|trading standards|authorit(?:y|ies)|(?:my|our) " + _LAWYER + r") "
             r"(?:will|shall|is going to|are going to|'ll|would) (?:\w+ )?(?:hear|know|learn|be informed|be told|write|contact|get in touch|be in touch|take over|handle|deal)\b"),
            ("reserve|liable|liability", r"\breserve (?:all )?(?:of )?(?:my|our) (?:legal )?rights\b|"
             r"\b(?:you(?:'re| are)?|company|hold you|held) ~15~\bliable\b"),
            ("subpoena|reported you", r"\bsubpoena\w*|\breported you (?:to|at)\b"),
            ("illegal|unlawful|against the law", r"\byour (?:\w+ ){0,2}(?:are|is) (?:\w+ )?(?:illegal|unlawful)\b|\b(?:this|that|it|which|you|what you do) (?:is|are|'s) (?:\w+ )?(?:illegal|"
             r"unlawful|against the law)\b"),
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
             r"(?:\w+ )?accounts?\b|\b(?:delet(?:e|ing)|clos(?:e|ing)|terminat(?:e|ing)) (?:an |all )?accounts?\b|\b(?:my|our) account (?:\w+ )?(?:terminated|closed|deleted|removed|erased)\b",
             _MAIL_CLIENT),
            ("no longer", r"\bno longer (?:want|wish) to (?:be a customer|keep|have|use|continue)\b|\bno longer want this account\b", "", "fixed"),
            ("cancel|leaving", r"^\W*(?:please )?cancel\W*$|\bcancel\W{1,3}cancel\b|^\W*(?:cancell?ation|cancell?ing|leaving)\W*$|\b(?:notice|confirmation|letter) of cancell?ation\b|\bcancel (?:us|me)\b(?! out)|"
             r"\bif (?:i|we) (?:do )?cancel(?:led)?\b(?! (?:the|a|an|this|that|it)\b)"),
            ("wind|decided", r"\bwind (?:this|it|things|the account|our account|everything) down\b|\bdecided (?:against|not) (?:to )?(?:continu|stay|renew|keep)\w*"),
            ("everything|whole|all of|completely|altogether",
             r"\b(?:cancel|terminate|end|quit) (?:the |this |it |us |me )?(?:whole (?:thing|contract|subscription|plan)|everything|all of (?:it|this)|completely|altogether)\b",
             "download|upload|import|export|print|sync|event|meeting"),
            ("downgrad|free|basic", r"\b(?:downgrad(?:e|ing)|(?:go|going|move|moving|switch|switching|put|drop|dropping)) (?:(?:me|us|it|everything|everyone|all|my|our|the|this) )?(?:\w+ ){0,3}?"
             r"(?:back |down )?to (?:the |a )?(?:free|basic)\b(?! (?:up|space|trial))"),
            ("subscription|contract|plan|membership", r"\b(?:stop|end|ending|finish|pause|suspend|drop|give up) (?:\w+ ){0,3}(?:subscription|contract|membership|paid plan)\b",
             "stop sharing|calendar|newsletter|contract (?:document|template|page)"),
            ("unsubscribe", r"\bunsubscribe (?:(?:me|us|everyone|everybody|(?:my|our) \w+) )?from (?:the |my |your )?(?:\w+ )?(?:plan|service|subscription|pro|premium|paid|version)\b"),
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
            ("session|device|login|log-in|sign-in|signin", r"\b(?:sessions?|devices?|log-?ins?|sign-?ins?)\b ~35~\b(?:i|we|nobody) (?:don'?t|do not|doesn'?t|did ?n'?t|did not) (?:know|recogni[sz]e|own|use|make)\b", "", "fixed"),
            ("public website|public page|share link", r"\b(?:internal|confidential|private) (?:\w+ ){1,2}~15~\bon a public (?:web ?site|page|forum|board)\b"),
            ("never invited", r"\b(?:guest|member|person|user|somebody|someone)\b ~20~\b(?:i|we|nobody) (?:have |has )?never invited\b", "", "fixed"),
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
            ("visible|public|exposed|accessible|readable|indexed|online|search engine|google|internet|web",
             r"\b(?:confidential|private|internal|sensitive|secret|personal) (?:\w+ ){1,3}~20~\b(?:is|are|was|were|became|got) (?:\w+ )?(?:visible|public|exposed|accessible|readable|indexed|online)\b|"
             r"\b(?:visible|exposed|accessible|readable) (?:on|to|for) (?:the (?:\w+ )?)?(?:internet|web|world|strangers|outsiders)\b"
             r"|\b(?:anyone|anybody|everyone|everybody) (?:can|could) (?:\w+ )?(?:find|see|open|read) (?:it|them|this|that|our|my) ~25~\b(?:google|search engines?|internet|web)\b", "how (?:do|can|to)|can (?:i|we) make|search engine optimi"),
            ("fake|scam|bogus|spoof|fraudulent|suspicious|strange|wrong site", r"\b(?:fake|bogus|scam|spoofed|fraudulent) (?:\w+ )?(?:log-?in|sign-?in|web ?site|site|page|e-?mails?|invoices?|links?)\b|"
             r"\b(?:entered|typed|gave|submitted|put) ~25~\b(?:password|credentials|code|card \w+|login)\b ~30~\b(?:fake|scam|bogus|suspicious|strange|wrong site)\b"),
            ("leaked|leaking|exposed|committed|published", r"\b(?:leaked|leaking|exposed|committed|published) (?:\w+ ){0,3}(?:tokens?|keys?|passwords?|secrets?|credentials|customer data)\b"),
            ("stranger|know|recogni", r"\b(?:stranger|(?:someone|somebody|a person|people|members?|users?) (?:that |who |whom )?(?:we|i|nobody) (?:\w+ )?(?:don'?t|do not|does not|doesn'?t) (?:know|recogni[sz]e)|"
             r"unknown (?:person|people|user|member|guest)s?) ~25~\b(?:in|inside|into|has joined|joined|appears? in|listed in) (?:my|our|the) (?:\w+ )?(?:workspace|account|team|space|documents?|members)\b", "", "fixed"),
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
    },
    unless=_GUARDS,
)  # fmt: skip
