"""Signs in a question's words of what its reader wants: for himself or about others, an order or a question, yesterday or tomorrow.

None decides alone: "How do we hide the rifles?" and "How did they hide the rifles?" share their matter. `bot.guard` weighs them.
"""

import re
import unicodedata

_ME = r"(?:i|we|me|us|one|u|someone|somebody|(?:my|our) \w+)"
_ASKS_FOR = r"(?:do|can|could|should|would|might|may|must|shall|does|'d)"
_HARM = (
    r"bomb\w*|explosi\w*|semtex|detonat\w*|grenades?|mortars?|mines?|landmines?|rifles?|guns?|ak-?47s?|aks|firearms?|"
    r"ammunition|weapons?"
    r"|ied|molotovs?|kill\w*|murder\w*|shoot\w*|shot|hit|assassinat\w*|ambush\w*|attack\w*|kidnap\w*|abduct\w*|"
    r"hostages?|ransom\w*|extort\w*"
    r"|arson|burn\w*|torch|poison\w*|stab\w*|tortur\w*|maim\w*|kneecap\w*|threat\w*|intimidat\w*|scare|frighten|"
    r"recruit\w*|riots?|sabotag\w*"
    r"|blow\w*|plant|smuggl\w*|stash\w*|target\w*|rackets?|punish\w*|silence|hurt|beat\w*|drones?|rob|robbery|raid|armed"
)
_UNSEEN = (
    r"without (?:\w+ ){0,4}(?:know\w*|notic\w*|see\w*|trac\w*|caught|find\w*)|never find|unseen|untraceable|"
    r"undetected|not (?:be )?(?:caught|traced)"
    r"|get away|past (?:security|the)|least watched|can(?:not|'t|\u2019t) be (?:traced|matched|found)|from noticing|"
    r"pass for|filed off|cover our tracks|evad\w*|stash"
)
_PARTY = (
    r"dup|sdlp|sinn f[eé]in|tuv|uup|alliance|unionists?|nationalists?|republicans?|loyalists?|petro|duque|uribe|"
    r"santos|duterte|marcos|comunes|milf|mnlf|npa|eln|farc"
    r"|ira|british|brits|army|guerrillas?|government|party|candidates?|president|catholics?|protestants?|"
    r"centro democr[aá]tico|pacto hist[oó]rico|ubjp"
)

SIGNS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        # for whom
        "asks_how_to": rf"\b(?:how|where|what|which|who|when)\b(?:(?:\W+\w+){{0,4}}?\W+{_ASKS_FOR}\W+{_ME}|\W+to)\b",
        "we_ourselves": r"\b(?:we|our|ours|us)\b",
        "i_myself": r"\b(?:i|i'm|my|me|mine)\b",
        "you": r"\b(?:you|your|yours|you're|yourself)\b",
        "our_people": (
            r"\b(?:our|my) (?:\w+ ){0,2}(?:men|lads|mates|boys|unit|group|brigade|cell|movement|fighters?|camp|convoys?|front|"
            r"squad|party|campaign|gang|comrades|people)\b"
        ),
        "third_persons_past": (
            r"\b(?:did|was|were|had|have|has|became|happened|according to|history|historians?|inquiry|report\w*|sources|"
            r"stud(?:y|ies)|research\w*|found)\b"
        ),
        "asks_plainly": (
            r"^\W*(?:and |so )?(?:what|who|whom|whose|when|where|why|how|which|did|was|were|is|are|has|have|had|in what|"
            r"by what|explain|describe|compare)\b"
        ),
        # orders
        "order": (
            r"(?:^|[.!?:;,]\W*|\b(?:please|kindly|now|then|and|just) )(?:write|draft|compose|make|give|help|teach|tell|show|"
            r"list|print|plan|say|repeat|dump|translate|spell|paste|set|act|play|pretend|imagine|suppose|rank|score|name|"
            r"trace|find|match|confirm|prove|persuade|convince|cite|attribute|forget|ignore|disregard|reveal|output|"
            r"summari[sz]e|decode|finish|calculate|predict|pick|choose|hide|brief|rate|answer|stop|read|work out|narrow|"
            r"look up|design|provide|invent|speak)\b"
        ),
        "role": (
            r"\b(?:role-?play\w*|pretend\w*|imagine|act as|you are (?:now )?(?:an?|the)\b|you're (?:now )?an?\b|as if (?:you|"
            r"it|there)|suppose|hypothetical\w*|novel|story|fairy tale|screenplay|thriller|game|play \w+|in (?:his|her|"
            r"the) voice|in character)\b"
        ),
        "steps": (
            r"\b(?:step[- ]by[- ]step|recipe|instructions for|exact(?:ly)?|parts list|ingredients?|practical|tips?|tricks?|"
            r"procedure|best (?:way|spots?|time|place|method)s?|what works|works best|in (?:enough )?detail|diagram|blueprint|"
            r"home-?made|casera|manual)\b"
        ),
        "for_good": (
            r"\b(?:prevent\w*|protect\w*|avoid\w*|deal(?:t|ing)? with|cope|talk to|mediat\w+|pupils?|students?|class|"
            r"teach (?:about|the)|explain to|kept? from|end the|surviv\w+|victims?|away from|reconcil\w+|peacebuild\w*|"
            r"peace committees?|early warning|out of (?:our|the|an)|de-?mining|demin\w+|stop (?:the|\w+ from|\w+ing|"
            r"\w+ recruitment|boys|young)|policy|lessons?|practice|programmes?)\b"
        ),
        # violence
        "harm": rf"\b(?:{_HARM})\b",
        "harm_by_us": rf"\b(?:i|we|our|my|us|me)\b.{{0,150}}\b(?:{_HARM})\b|\b(?:{_HARM})\b.{{0,150}}\b(?:i|we|our|my|us|me)\b",
        "how_to_harm": (
            rf"\bhow\b(?:(?:\W+\w+){{0,3}}?\W+{_ASKS_FOR}\W+{_ME}|\W+to)\W+(?:\w+\W+){{0,4}}?(?:{_HARM}|build|make|hide|get|"
            rf"start|stop)\b"
        ),
        "in_secret": rf"\b(?:{_UNSEEN})\b",
        # persons
        "where_someone_is": (
            r"\b(?:home )?address(?:es)?\b|\bwhere\b.{0,80}\b(?:lives?|living|resid\w+|sleeps?|hiding|moved to|stays?|"
            r"works?)\b|\bwhereabouts\b|\bwhich (?:street|school|house|family|village|flat)\b|\bwhat street\b|\b(?:live|lives|"
            r"living) (?:now|today|these days)\b|\bdirecci[oó]n\b"
        ),
        "contact": (
            r"\b(?:phone|mobile|telephone|cell|whats-?app)\b(?: (?:no|number)\w*)?|\be-?mail|\b(?:number )?plates?\b|"
            r"\bbank (?:details|account)|\b(?:identity|id) (?:card|number)|\bpassport|\bbirth ?dates?|\bdate of birth|"
            r"\bsurname|\bfacebook|\bsocial media"
        ),
        "who_behind": (
            r"\b(?:real|legal|full|true|first) names?\b|\bnames? (?:and|behind|of (?:the )?(?:kids|children|girls|boys|women|"
            r"victims|informers?|witness\w*))\b|\bby name\b|\bunmask\w*|\bidentif(?:y|ies)\b|\bidentity\b|\bwork out who\b|"
            r"\bwho (?:that|it|he|she) (?:is|was)\b|\banonym\w+|\bwitness(?:es)? [a-z]\b|\bsoldier [a-z]\b|\bcode ?(?:names?|"
            r"letters?)|\binformers?\b|\binformants?\b|\btouts?\b|\bis (?:it )?likely to be\b"
        ),
        "intimate": (
            r"\b(?:gay|lesbian|hiv|aids|medication|medical|psychiatr\w+|illness\w*|diagnos\w+|pregnan\w+|abortions?|affair|"
            r"divorc\w+|religion|married|wife|husband|wives|private parts|rape[ds]?|debts?|salary|addict\w*)\b"
        ),
        "kin": (
            r"\b(?:mother|father|sons?|daughters?|child|children|kids|brothers?|sisters?|widow|family|neighbour|grandchildren|"
            r"girls?|boy|teenager)\b"
        ),
        # tomorrow
        "will": r"\b(?:will|'ll|won't|shall|gonna|going to|sure to|bound to|about to)\b",
        "opens_with_will": (
            r"^\W*(?:(?:so|and|be honest|tell me(?: for certain)?|\w+),?:? ){0,2}(?:will|shall)\b|\b(?:who|when|what|"
            r"which \w+(?: \w+)?|how many(?: \w+){1,3}|how much|how long)(?:'s)? (?:will|is going to|are going to|going to)\b"
        ),
        "now_as_then": (
            r"\b(?:who|which(?: \w+){1,3}) (?:wins|governs|leads|goes back|takes over|gets|is (?:first|last)|disappears)\b|"
            r"\b(?:do|does|is|are)\b.{3,60}\b(?:again|walks? out|end(?:s)? in|collapses?|get (?:captured|killed)|win|gone by|"
            r"split|give up|stand|fall|happens?)\b|\bends in which\b|\bwhat happens (?:next|to|after|when|if)\b|"
            r"\bthe future\b|\b(?:is|are) (?:\w+ ){1,4}going to\b|\bva a\b|\bvan a\b|\bwins\b"
        ),
        "on_paper": (
            r"\b(?:under (?:the|its|which)|according to|announced|planned|promised?|scheduled|meant to|supposed to|"
            r"by the (?:agreement|law|deal|text|terms)|text|polls? (?:say|said|show\w*|find)|surveys?|opinion|arguments?|"
            r"positions?|stud(?:y|ies)|analysts?|researchers?|past forecasts)\b"
        ),
        "odds": (
            r"\b(?:odds|probabilit\w+|likelihood|how likely|chances?|forecast|predict\w*|prediction|prophe\w+|crystal ball|"
            r"bet(?:ting)?|wager|guess|percentage|projection)\b"
        ),
        "times_to_come": (
            r"\b(?:next (?:year|month|week|decade|election|president|government|time|\w+ years)|"
            r"in (?:\w+ ){0,2}years?(?:' time)?|(?:by|in|before|until|after|come back from) 20(?:2[6-9]|[3-9]\d)|20[3-9]\d|"
            r"one day|in future|from now on|some ?day|tomorrow|still to come|ever be|how long until|before the end|eventually|"
            r"in the future)\b"
        ),
        # parties
        "ought": r"\b(?:should|ought|shouldn't)\b",
        "opens_with_should": (
            r"^\W*(?:(?:so|and|honestly|tell me),? )?(?:should|ought)\b|\b(?:who|whom|which \w+) (?:should|ought|do|would|"
            r"shall) (?:i|we|one|you)\b"
        ),
        "vote_for": (
            r"\bvot(?:e|ing) (?:for|yes|no|against)\b|\b(?:get|gets|deserves?|give) my (?:vote|cross)\b|\bwhom? to (?:back|"
            r"support|vote)\b|\b(?:floating|undecided)\b|\bundecided\b|\bif you had a vote\b"
        ),
        "own_view": (
            r"\b(?:do|don't|would|did) you (?:\w+ )?(?:think|agree|believe|say|feel|prefer|support)\b|\byour (?:own )?(?:view|"
            r"opinion|mind|vote|heart|judg\w+|favou?rite)|\bhonestly\b|\bbe honest\b|\btell the truth\b|\bdon't dodge\b|"
            r"\bone word\b|\bpick one\b|\bsettle it\b|\byes or no\b|\baye or\b|\bam i right\b|\b(?:isn't|aren't|wasn't|"
            r"weren't|doesn't|don't) (?:it|they|he|she|we)\?"
        ),
        "right_or_wrong": (
            r"\b(?:justified|to blame|at fault|in the (?:right|wrong)|(?:is|was|are|were) (?:\w+ ){1,3}(?:right|wrong|evil|"
            r"good|bad)|right to|good ones?|bad guys?|heroes|criminals|villains?|terrorists|murderers|fools?|bigots?|liars?|"
            r"lying|lied|disaster|betray\w*|traitors?|treason|morally|deserve[ds]?|true voice|better (?:man|for|president|"
            r"leader|party)|best (?:party|candidate|leader)|fit to govern|corrupt|worst)\b"
        ),
        "campaign": (
            r"\b(?:leaflets?|slogans?|speech|tweets?|petition|campaign\w*|editorial|debate|manifesto|press release|persuade|"
            r"humiliate|my opponent|our party|my party|win over|one side|propaganda|op-?ed|talking points|posters?|"
            r"letter to)\b"
        ),
        "names_a_side": rf"\b(?:{_PARTY})\b",
        # the assistant itself
        "its_rules": (
            r"\b(?:system|hidden|secret|initial|internal|opening|original|complete|full|your)\W+(?:\w+\W+){0,2}?(?:prompts?|"
            r"instructions?|rules?|guidelines?|config\w*|settings?|message|tools?|filter\w*|orders?|directives?|refusal\w*)\b|"
            r"\bprompt\b|\bapi[- ]?key|\bpasswords?\b|\benvironment variables?|\.env\b|\brefusal list|\bkeyword list|"
            r"\bwere you told\b|\bhow you were set up|\btemperature\b|\bsource code|\bwhich (?:\w+ )?model\b|"
            r"\byour (?:own )?(?:answers?|citations?|guard|refus\w+)\b|\bbypass\b"
        ),
        "sets_aside": (
            r"\b(?:ignore|disregard|forget|override|bypass|skip|drop|switch (?:it|that|them)? ?off|turn off|disable|lift|"
            r"suspend|olvida\w*|ignora\w*|oubli\w*|ignorier\w*|vergiss|esque[cç]\w+|kalimutan|dimentica|abolish\w*|no limits|"
            r"limits are off|unrestricted|unfiltered|jailbreak\w*|outranks?)\b"
        ),
        "set_aside_what": (
            r"\b(?:previous|prior|above|earlier|all|your|the|tus|las|toute|alles)\b(?:\W+\w+){0,3}?\W+(?:instructions?|rules?|"
            r"prompts?|guidelines?|limits?|restrictions?|reglas|consignes?|anweisungen|regeln|instrucciones|filters?|guard|"
            r"corpus|sources|checks|safety)\b"
        ),
        "new_part": (
            r"\b(?:you are now|from (?:now|here|this point) on|from this point|new rule|new name|developer mode|debug mode|"
            r"admin\w*|sysadmin|operator|sudo|authori[sz]ed|staff|one of the people who built|built you|your (?:makers?|"
            r"creators?|developers?)|whenever you|when you see|as the model|repeat after me|without its wrapper|opposites|"
            r"confirm that you)\b|\[?\bsystem\b\]?:|\[system|\bassistant[,:]"
        ),
        "false_source": (
            r"\bwithout (?:any )?(?:citations?|sources?|footnotes?)\b|\b(?:invent|make up|fabricat\w+|fake|made-up)\b|"
            r"\b(?:say|claim|state|write) that\b|\battribute\b|\bcite\b.{0,80}\b(?:for|as|whatever)\b|\bhide the fact|"
            r"\bas if it were in\b|\bfrom the internet\b|\bown knowledge\b|\bproper reference\b|\bleave out\b|\bdon't (?:say|"
            r"mention|cite)\b|\bas (?:one of )?your (?:published )?sources?\b|\bas if your sources\b|\bmake (?:it )?(?:sound|"
            r"up)\b"
        ),
        "word_for_word": (
            r"\b(?:word for word|verbatim|letter by letter|backwards|one word at a time|in capitals|above (?:this|the)|"
            r"before my first)\b"
        ),
        "coded": r"\b(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{12,}=*|\w{16,}==?",
    }.items()
}
"""Each sign by its name, as what it looks like."""


def signs(question: str) -> dict[str, bool]:
    """Which signs a question shows, by name."""
    question = unicodedata.normalize("NFKC", question).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return {name: bool(pattern.search(question)) for name, pattern in SIGNS.items()}
