"""The Originate action of one call, built from checked values only.

Nobody between here and the PBX escapes anything: CR or LF in a value is a second action, a comma
in Variable a second variable, a name ending in ")" a function write. So a value that is not plainly
digits, an id or a path of ours is refused before it reaches the wire.
"""

import re
from collections.abc import Collection

from campaign import channel_variables as names
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.journal import ATTEMPT_ID, PLACED
from campaign.sections import Trunk
from campaign.token import TOKEN

_DIGITS = re.compile(r"[0-9]{3,15}")
_CALLER = re.compile(r"\+?[0-9]{3,15}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_WORD = re.compile(r"[a-z_]{1,16}")
_KEY = re.compile(r"[0-9]")
_NUMBERS = re.compile(r"([0-9]{1,5}(,[0-9]{1,5}){8})?")
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")

MOST_LETTERS = 900
"""Of the sounds in one line of AMI, which has room for 1 024."""


class UnsafeValueError(OverdueError):
    """A value that must not reach the PBX."""


def digits(dialled: str) -> str:
    """The number, as it is; UnsafeValueError for anything but digits."""
    return _checked(_DIGITS, dialled, "number")


def channel(technology: str, trunk: str, dialled: str) -> str:
    """The channel of a call: ``PJSIP/<number>@<trunk>`` or ``SIP/<trunk>/<number>``."""
    number = digits(dialled)
    name = _checked(_NAME, trunk, "trunk")
    return f"SIP/{name}/{number}" if technology == "SIP" else f"PJSIP/{number}@{name}"


def originate(
    attempt_id: str,
    trunk: Trunk,
    dialled: str,
    campaign: Campaign,
    token: str,
    *,
    call_seconds: float,
) -> dict[str, str | list[str]]:
    """The headers of the Originate; UnsafeValueError for anything that is not plainly ours.

    ``dialled``: the number as the trunk wants it; ``token``: the attempt's; ``call_seconds``: from
    answer to hang-up at most. Async, so that the answer comes as an OriginateResponse;
    Context/Exten, never Application; never EarlyMedia, which takes a 183 for an answer (asterisk
    main/manager.c, main/pbx.c).
    """
    call = _checked(ATTEMPT_ID, attempt_id, "attempt id")
    return {
        "ActionID": call,
        "ChannelId": call,
        "Channel": channel(trunk.technology, trunk.name, dialled),
        "Context": names.CONTEXT_ANSWERED,
        # The dialled number: only the patterns of the site lead from it to the message.
        "Exten": dialled,
        "Priority": "1",
        "Timeout": str(round(campaign.timing.ring_seconds * 1000)),
        "CallerID": _checked(_CALLER, campaign.caller_id, "caller id"),
        "Async": "true",
        "Variable": [
            f"DB({names.JOURNAL_FAMILY}/{call})={PLACED}",
            f'CHANNEL(hangup_handler_push)="{names.CONTEXT_HANGUP},s,1"',
            *flow_variables(campaign),
            f"{names.CALL_SECONDS}={max(1, int(call_seconds))}",
            token_variable(token),
        ],
    }


def flow_variables(campaign: Campaign) -> list[str]:
    """What the dialplan must know of the flow where the server is away; UnsafeValueError.

    Only what the campaign's flow can come to: the PBX tells each setting to all who listen to its
    events, which is much of what a call costs it.
    """
    keys, machine = campaign.keys, campaign.machine
    confirms = campaign.flow == "confirm"
    settings = [
        (names.FLOW, _WORD, campaign.flow, "flow"),
        (names.PROMPT, _PATH, campaign.prompt, "prompt"),
        (names.PAID_PROMPT, _PATH, campaign.paid_prompt, "prompt"),
        (names.KEY_DO_NOT_CALL, _KEY, keys.do_not_call, "key"),
        (names.LANGUAGE, _PATH, campaign.language if keys.do_not_call else None, "language"),
    ]
    if confirms:
        settings += [
            (names.GREETING, _PATH, campaign.greeting, "prompt"),
            (names.KEY_CONFIRM, _KEY, keys.confirm, "key"),
        ]
    if confirms or machine.detect:
        settings.append((names.NEUTRAL, _PATH, campaign.neutral_prompt, "prompt"))
    if machine.detect:
        settings += [
            (names.MACHINE, _WORD, machine.policy, "policy"),
            (names.UNSURE, _WORD, machine.unsure, "policy"),
        ]
    variables = [
        f"{name}={_checked(form, value, what)}" for name, form, value, what in settings if value
    ]
    if machine.detect:
        # Quoted: AMI splits Variable at commas.
        arguments = _checked(_NUMBERS, machine.amd_arguments, "number of AMD()")
        variables.append(f'{names.AMD}="{arguments}"')
    return variables


def sound_portions(names_of_sounds: Collection[str]) -> list[list[str]]:
    """The sounds in portions that fit into one line each: Asterisk drops a longer one whole
    (main/manager.c)."""
    portions: list[list[str]] = [[]]
    for sound in names_of_sounds:
        if sum(len(each) + 1 for each in portions[-1]) + len(sound) > MOST_LETTERS:
            portions.append([])
        portions[-1].append(sound)
    return portions


def sound_variable(names_of_sounds: Collection[str]) -> str:
    """The setting of the sounds that a probe looks for; UnsafeValueError."""
    return f"{names.SOUNDS}={'&'.join(_checked(_PATH, each, 'prompt') for each in names_of_sounds)}"


def hashed_variable(sound: str) -> str:
    """The setting of the sound whose hash a probe reads; UnsafeValueError."""
    return f"{names.HASHED}={_checked(_PATH, sound, 'prompt')}"


def token_variable(token: str) -> str:
    """The setting of the variable that proves a report; UnsafeValueError."""
    return f"{names.TOKEN}={_checked(TOKEN, token, 'token')}"


def inbound_variable(token: str) -> str:
    """The writing of what proves a call back into the PBX's AstDB; UnsafeValueError."""
    entry = f"DB({names.INBOUND_FAMILY}/{names.INBOUND_TOKEN})"
    return f"{entry}={_checked(TOKEN, token, 'token')}"


def local_call(action_id: str, context: str, variables: list[str]) -> dict[str, str | list[str]]:
    """The headers that run ``s`` of our ``context`` on a Local channel; ``hold`` keeps it up."""
    call = _checked(ATTEMPT_ID, action_id, "id")
    return {
        "ActionID": call,
        "ChannelId": call,
        "Channel": f"Local/hold@{_checked(_NAME, context, 'context')}/n",
        "Context": context,
        "Exten": "s",
        "Priority": "1",
        "Timeout": "5000",
        "Async": "true",
        "Variable": variables,
    }


def _checked(form: re.Pattern[str], value: str, what: str) -> str:
    if form.fullmatch(value) is None:
        raise UnsafeValueError(f"refused before the wire: {value[:40]!r} is no {what}")
    return value
