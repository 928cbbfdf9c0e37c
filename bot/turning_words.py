"""Words by which a sentence is turned while its other words stay: negations, quantities, hedges, causes, comparisons, opposites."""

import re

from bot.wording import all_terms

NEGATORS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot hardly barely scarcely
    """.split()
)
"""Negations, besides what ends in ``n't``."""
REFUSALS = all_terms(
    """
    fail failed refuse refused refusal decline declined reject rejected deny denied lack lacked lacking prevent prevented despite
    unless except stop stopped oppose opposed avoid avoided absent absence unable impossible against instead forbid forbade ban
    barred block blocked cease ceased rather withhold withheld missing exclude excluded veto abandon drop dropped
    """.split()
)
"""Terms of verbs and nouns that negate what follows."""
STRONG = frozenset(
    """
    all every everyone everybody everywhere everything always entire whole entirely wholly completely fully only sole solely
    exclusively first any anyone anybody never unanimously invariably universally nationwide definitively proved proven proves
    prove certain certainly undoubtedly guaranteed nobody none ever largest biggest best worst single
    """.split()
)
"""Words that claim more."""
UNIVERSAL = frozenset(
    """
    all every everyone everybody everywhere everything always entire whole wholly entirely completely fully only sole solely never
    any anyone anywhere ever
    """.split()
)
"""Words that claim all."""
PARTIAL = frozenset(
    """
    most majority mostly mainly largely many much widely broadly generally usually often several numerous some few half part
    partly partially almost nearly subset
    """.split()
)
"""Words that claim a part."""
QUANTITIES = PARTIAL | frozenset("all every each whole entire none both any one only".split())
"""Words of how much."""
MODALS = frozenset(
    """
    may might could would should can
    """.split()
)
"""What may be, not what is."""
HEDGES = frozenset(
    """
    may might could would can should some partly partially almost nearly about around roughly approximately up least most possibly
    perhaps probably likely apparently reportedly allegedly alleged estimated estimate estimates plan planned plans expected
    expect intended hoped hope hopes proposed propose proposal aimed aim aims wanted want sought seek tried try trying attempted
    attempt promised promise pledged agreed reduced reduce limited suggests suggest suggested appears appeared seems seemed tends
    tend tended largely mainly mostly often usually few little many several only one subset draft due ordered asked called
    threatened began begun started if whether under unless until not conditional provisional partial believed thought considered
    said claimed according reported counted recorded judged held wrote argued
    """.split()
)
"""Words that claim less, or on somebody's word."""
INTENTIONS = all_terms(
    """
    plan planned expected intend intended hoped hope proposed propose aim wanted want sought seek tried try attempted attempt
    promised promise pledged due draft allegedly alleged estimated estimate suggest suggests appear seemed likely possibly perhaps
    probably reportedly apparently believed suspected accused claim claimed demand demanded call called threaten threatened ask
    asked offer offered urged recommend recommended
    """.split()
)
"""Terms of what is meant, said or feared, not done."""
ATTRIBUTIONS = all_terms(
    """
    say says said write writes wrote report reports reported according account find found finds note notes noted argue argued
    claim claimed conclude concluded concludes count counted counts estimate estimated judge judged hold holds held call called
    describe described recall recalled think thought believe believed put tell told view warn warned caution cautioned figures
    data poll survey study opinion assess assessment remark remarked state stated see saw admit acknowledge concede object
    objected observe observed record recorded records list listed suggest shows show showed explain explained announce announced
    """.split()
)
"""Terms by which a statement is somebody's."""
BOUNDS = frozenset(
    """
    about some around roughly approximately near close over above least exceeding upwards under below nearly almost most
    """.split()
)
"""Words that make a figure a bound or rough."""
CAUSES = re.compile(
    r"\b(because|as a (?:result|consequence)|thanks to|owing to|due to|on account of|leads? to|led (?:[\w' ]{1,40} )?to|so that|so as to"
    r"|therefore|hence|in order (?:to|that)|caus\w+|consequen\w+|result(?:ed|ing|s) (?:in|from)|result of|prompt(?:ed|ing)|forc(?:ed|ing)"
    r"|persuad\w+|drove|triggered|sparked|brought about|(?:which|that) is why|reason\w*|in response to|enabl\w+|thereby"
    r"|mov(?:ed|ing) [\w' ]{1,40} to|made (?:it )?[\w' ]{1,40} (?:possible|easier|harder)|contribut\w+|for fear|under pressure|in protest"
    r"|with the aim|with a view|gave rise|in revenge|in retaliation|credit\w*|blam\w+|attribut\w+|owed|pushed|explain\w*|since|effect"
    r"|in return|so|by \w+ing|meant|helped)\b",
    re.IGNORECASE,
)
SOFT_CAUSES = re.compile(
    r"\b(to (?:stop|win|avoid|prevent|protect|secure|ensure|force|make|get|keep|end|save|please|punish|help|put|weaken|strengthen|show"
    r"|bring|gain|meet|satisfy|press|avert|allow|let)|driv\w+|allow\w+|after|following|through|out of|for the sake|aimed at|accounts? for"
    r"|paved|having|drew|encourag\w+|inspired|produced|on the strength|put down to|respon\w+ to)\b",
    re.IGNORECASE,
)
COMPARISONS = re.compile(
    r"\b(more|less|fewer|than|most|least|largest|biggest|longest|highest|lowest|best|worst|better|worse|greater|larger|smaller|higher"
    r"|lower|longer|shorter|earlier|later|faster|slower|stronger|weaker|easier|harder|first|last|only|ahead|behind|unlike|compared"
    r"|twice|double|above|below)\b",
    re.IGNORECASE,
)
SUBORDINATORS = re.compile(r"\b(before|after|until|since|than|while|although|though|despite|unless|except|if|when)\b", re.IGNORECASE)
EARLIER = frozenset("before prior ahead until earlier".split())
LATER = frozenset("after following since once later then".split())
_OPPOSITES = """
rise fall; rose fell; rise fell; rose fall; grow shrink; increase decrease; increase fell; up down; gain lose; won lost; win lose;
accept reject; accept refuse; approve reject; approve oppose; support oppose; support against; allow forbid; allow ban; allowed barred;
begin end; began ended; start end; start stop; open close; join leave; joined left; agree refuse; confirm deny; admit deny; succeed
fail; success failure; keep drop; kept dropped; include exclude; remain leave; release capture; free jail; strengthen weaken; welcome
resist; welcome condemn; praise criticise; best worst; good bad; high low; higher lower; more less; more fewer; large small; larger
smaller; greater smaller; long short; longer shorter; hard easy; harder easier; strong weak; early late; earlier later; before after;
first last; public secret; legal illegal; same different; majority minority; many few; most few; urban rural; north south; east west;
inside outside; within outside; above below; over under; ahead behind; rich poor; old new; broaden narrow; extend cut; lift impose;
quash uphold; dismiss appoint; resume suspend; maintain abandon; honour breach; respect violate; united divided; trust distrust;
possible impossible; able unable; lawful unlawful; continue stop; continue cease; pass reject; endorse reject; improve worsen; peaceful
violent; guilty innocent; convict acquit; permanent temporary; formal informal; present absent; encourage discourage; likely unlikely;
complete partial; fully partly; ask refuse; offer refuse; near far; heavily lightly; hope fear; help hinder; promote prevent; survive
die; kill save; attack defend; sell buy; sold bought; pay receive; give take; gave took; give receive; send receive; lend borrow; winner
loser; victim perpetrator; guest host; government opposition
"""
OPPOSED = frozenset(all_terms(pair.split()) for pair in _OPPOSITES.split(";"))
"""Pairs of terms that say the contrary of each other."""
