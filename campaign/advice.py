"""What is allowed in a campaign file, but unwise, or has no effect."""

from collections.abc import Collection, Iterator

from campaign.file import Campaign


def advice(campaign: Campaign, keys: Collection[str]) -> Iterator[str]:
    """A sentence for each; ``keys``: those that stand in the file."""
    yield from _law(campaign)
    yield from _trunks(campaign)
    yield from _limits(campaign)
    yield from _retry(campaign)
    yield from _leg(campaign)
    if campaign.timing.delivered_after_seconds > campaign.timing.call_seconds:
        yield (
            "timing.delivered_after_seconds is more than call_seconds: only a message that is"
            " heard to its end counts as delivered"
        )
    if "caller_id" not in keys:
        yield f"caller_id is not in the file: customers see {campaign.caller_id}"


def _leg(campaign: Campaign) -> Iterator[str]:
    if campaign.prompt == campaign.paid_prompt:
        yield "paid_prompt is the prompt itself: whoever has paid meanwhile hears of the debt"
    if campaign.prompt in (campaign.greeting, campaign.neutral_prompt):
        yield "prompt is the greeting or the neutral_prompt too: strangers hear of the debt"
    others = [
        sound
        for sound in campaign.flow_terms.sounds
        if "/" in sound and not sound.startswith(f"{campaign.language}/")
    ]
    if others:
        yield f"language is {campaign.language}, but {others[0]} is of another folder"
    if campaign.keys.do_not_call is None:
        yield "keys.do_not_call is null: a customer cannot say that he wants no more calls"
    machine = campaign.machine
    is_rash = machine.policy != "play" and machine.initial_silence_ms < machine.total_ms
    if machine.detect and is_rash:
        yield (
            f"machine.initial_silence_ms is {machine.initial_silence_ms}: a person who says nothing"
            " for so long is taken for a machine; with total_ms or more he is only unsure"
        )
    if campaign.transfer.talk_seconds < campaign.timing.call_seconds:
        yield "transfer.talk_seconds is less than call_seconds: whoever talks has less time"


def _law(campaign: Campaign) -> Iterator[str]:
    if campaign.law.time_zone is None:
        open_days = [each for each in campaign.hours.days if each is None]
        if open_days:
            yield "law: none: on days without hours in this file calls go out day and night"
        yield "law: none: nobody is spared on Sundays and public holidays but by this file"


def _trunks(campaign: Campaign) -> Iterator[str]:
    for place, trunk in enumerate(campaign.trunks, start=1):
        if not trunk.calls_per_second:
            yield (
                f"trunks.{place}.calls_per_second is 0: {trunk.label} is called without any pace,"
                " which carriers answer with 503"
            )


def _limits(campaign: Campaign) -> Iterator[str]:
    limits, lines = campaign.limits, sum(trunk.max_calls for trunk in campaign.trunks)
    first = campaign.trunks[0]
    if limits.max_calls < first.max_calls:
        yield (
            f"limits.max_calls is {limits.max_calls}: the {first.max_calls} lines of {first.label}"
            " are never all used"
        )
    minutes = max(_minutes(campaign))
    most = round(min(lines, limits.max_calls) * minutes)
    if limits.minutes_per_day > most:
        yield (
            f"limits.minutes_per_day is {limits.minutes_per_day}: the lines carry {most} at most in"
            " a day, so that it never stops anything"
        )


def _minutes(campaign: Campaign) -> Iterator[int]:
    """Minutes that each weekday is open."""
    for own, lawful in zip(campaign.hours.days, campaign.law.week, strict=True):
        hours = lawful.narrowed(own) if own else lawful
        yield 0 if hours.is_closed else hours.closes - hours.opens


def _retry(campaign: Campaign) -> Iterator[str]:
    retry = campaign.retry
    if campaign.contact == "attempted" and retry.attempts_per_day > 1:
        yield (
            "contact: attempted ends a person's day with the first call that may have rung:"
            f" retry.attempts_per_day {retry.attempts_per_day} has no effect beyond that"
        )
    elif (retry.attempts_per_day - 1) * retry.spacing_minutes >= max(_minutes(campaign)):
        yield (
            f"retry.attempts_per_day {retry.attempts_per_day} calls {retry.spacing_minutes:g}"
            " minutes apart do not fit into a day's hours"
        )
    if retry.attempts_per_cycle < retry.attempts_per_day:
        yield "retry.attempts_per_cycle is less than attempts_per_day, which is never reached"
    for name in ("busy", "no_answer", "declined"):
        pause = getattr(retry.after, name)
        if pause != "next_day" and pause < retry.spacing_minutes:
            yield f"retry.after.{name} {pause:g} has no effect: spacing_minutes is longer"
