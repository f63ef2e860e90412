"""Every name that Python and the dialplan share; a test compares this module with ``dialplan/``."""

# Set by the originator on the channel of the call.
FLOW = "OVERDUE_FLOW"
"""``announce`` or ``confirm``."""
LANGUAGE = "OVERDUE_LANGUAGE"
"""The folder of the fixed prompts."""
PROMPT = "OVERDUE_PROMPT"
PAID_PROMPT = "OVERDUE_PAID_PROMPT"
"""Played in its place to somebody who has paid meanwhile; empty: nothing is."""
GREETING = "OVERDUE_GREETING"
NEUTRAL = "OVERDUE_NEUTRAL"
"""For whoever is not the holder; empty: nothing is played."""
KEY_CONFIRM = "OVERDUE_KEY_CONFIRM"
KEY_DO_NOT_CALL = "OVERDUE_KEY_DNC"
"""Empty: no key does it."""
AMD = "OVERDUE_AMD"
"""The arguments of AMD(); empty: nobody listens for a machine."""
MACHINE = "OVERDUE_MACHINE"
"""What a machine hears: ``hang_up``, ``neutral`` or ``play``."""
UNSURE = "OVERDUE_UNSURE"
"""The same where AMD() could not tell."""
CALL_SECONDS = "OVERDUE_CALL_SECONDS"
TOKEN = "OVERDUE_TOKEN"  # noqa: S105 (a name)
"""Proves a report of the call (campaign/token.py); empty on a channel that is not ours."""

HASHED = "OVERDUE_HASHED"
"""The prompt or manifest of which a probe reads the hash, a path as that of a prompt."""
SOUNDS = "OVERDUE_SOUNDS"
"""What a probe looks for among the PBX's sounds, with & between them."""

# Set on the channel during the call.
PLAY_START = "OVERDUE_PLAY_START"
"""Epoch in milliseconds of the answer; set by the dialplan; empty: never answered."""
VERDICT = "OVERDUE_VERDICT"
"""What AMD() made of the answer, as ``fastagi_server.machine.Verdict``; set by the dialplan; empty:
nobody listened."""
COURSE = "OVERDUE_COURSE"
"""As ``campaign.journal.Course``, a promise with its day; set before anything is played."""
LEG = "OVERDUE_LEG"
"""What was heard, as ``campaign.journal.Leg`` text; the last word of the server or the fallback."""

TALK = "OVERDUE_TALK"
"""What came of a transfer, as ``campaign.journal.Talk``; set by the dialplan."""

# Set by the server on a call back that it recognised, with TOKEN, which proves the call's end.
CALL_BACK = "OVERDUE_CALL_BACK"
"""The id of the call; empty: nothing is kept of it."""

# Set by the server for a transfer, before its last word.
DIAL = "OVERDUE_DIAL"
"""Whom Dial() rings, with & between them."""
QUEUE = "OVERDUE_QUEUE"
RING_SECONDS = "OVERDUE_RING_SECONDS"
TALK_SECONDS = "OVERDUE_TALK_SECONDS"
MUSIC = "OVERDUE_MUSIC"

# Set by the health request.
HEALTH = "OVERDUE_HEALTH"

# Globals of a site.
FASTAGI = "OVERDUE_FASTAGI"
"""``host:port`` of the FastAGI server, a literal address."""

# Contexts.
CONTEXT_ANSWERED = "overdue-answered"
CONTEXT_DESTINATIONS = "overdue-destinations"
"""The numbers that a site may call; a file of the site."""
CONTEXT_MESSAGE = "overdue-message"
CONTEXT_MACHINE = "overdue-machine"
CONTEXT_FALLBACK = "overdue-fallback"
CONTEXT_TRANSFER = "overdue-transfer"
CONTEXT_TALK = "overdue-talk"
CONTEXT_HANGUP = "overdue-hangup"
CONTEXT_SWEEP = "overdue-sweep"
CONTEXT_PROBE = "overdue-probe"
CONTEXT_INBOUND = "overdue-inbound"
CONTEXT_INBOUND_HANGUP = "overdue-inbound-hangup"

# AstDB families.
JOURNAL_FAMILY = "overdue"
PROBE_FAMILY = "overdue-probe"
ASIDE_FAMILY = "overdue-aside"
"""Journal entries that mean nothing to the database, as ``<reason>: <the entry>``."""

BACK_FAMILY = "overdue-back"
"""The journal of calls back, by the id of the call."""
INBOUND_FAMILY = "overdue-inbound"
INBOUND_TOKEN = "token"  # noqa: S105 (a name)
"""Its key: what proves a call back to the server; each probe writes it."""

# Moments of a call, the same word in the AGI URL, the handler's file and the dialplan.
AGI_ANSWERED = "answered"
AGI_ENDED = "ended"
AGI_SWEEP = "sweep"
AGI_HEALTH = "health"
AGI_INBOUND = "inbound"
AGI_RANG_OFF = "rang_off"
