"""What whoever answers hears and can do, in sentences."""

from campaign.file import Campaign


def explain_leg(campaign: Campaign) -> dict[str, str]:
    """A sentence for each subject."""
    return {
        "message": _message(campaign),
        "keys": _keys(campaign),
        "transfer": _transfer(campaign),
        "machines": _machines(campaign),
    }


def _message(campaign: Campaign) -> str:
    message = campaign.prompt
    if campaign.personal:
        message = f"{' + '.join(campaign.personal)} (without the values {campaign.prompt})"
    paid = campaign.paid_prompt or "nothing"
    told = f"{message} from {campaign.caller_id}; whoever has paid meanwhile hears {paid}"
    if campaign.flow == "announce":
        return told
    neutral = campaign.neutral_prompt or "nothing"
    return (
        f"{campaign.greeting} first; after key {campaign.keys.confirm} {told}; whoever does not"
        f" press it hears {neutral}"
    )


def _keys(campaign: Campaign) -> str:
    keys, promise = campaign.keys, campaign.promise
    means = {
        "the message again": keys.repeat,
        "a person": keys.transfer,
        f"promise to pay within {promise.most_days} days, left alone until"
        f" {promise.grace_days} after it": keys.promise,
        "wrong person": keys.wrong_person,
        "no more calls": keys.do_not_call,
    }
    told = "; ".join(f"{pressed} {meaning}" for meaning, pressed in means.items() if pressed)
    return f"{told or 'none'}; waits {campaign.answer_seconds} s for one after the message"


def _transfer(campaign: Campaign) -> str:
    transfer = campaign.transfer
    to = transfer.dial or (f"queue {transfer.queue}" if transfer.queue else None)
    if to is None:
        return "to nobody: the wish to be called back is noted"
    days = (campaign.time_zone.key, *(str(day) for day in transfer.hours.days if day))
    hours = f" in its hours ({', '.join(days)})" if len(days) > 1 else ""
    return f"{to}{hours}, rings {transfer.ring_seconds} s, talks {transfer.talk_seconds} s at most"


def _machines(campaign: Campaign) -> str:
    machine = campaign.machine
    if not machine.detect:
        return "not listened for: a machine hears what a person does"
    words = {"hang_up": "is hung up", "neutral": "hears the neutral text", "play": "hears it all"}
    return (
        f"AMD() listens for up to {machine.total_ms} ms before anything is played; a machine"
        f" {words[machine.policy]}, a doubtful one {words[machine.unsure]}"
    )
