"""What a campaign means on a day, in sentences."""

from datetime import datetime

from campaign.explain_leg import explain_leg
from campaign.file import Campaign
from campaign.hours import Closed, window
from campaign.law import ALL_DAY
from campaign.reason import Reason
from campaign.sections import Trunk

DAY_AND_TIME = "%A %Y-%m-%d %H:%M"


def explain(campaign: Campaign, now: datetime) -> dict[str, str]:
    """A sentence for each subject, in the order in which they are read."""
    return {
        "law": _law(campaign),
        "today": _today(campaign, now),
        "now": _now(campaign, now),
        "who": _who(campaign),
        "when": _when(campaign),
        "how often": _how_often(campaign),
        "numbers": _numbers(campaign),
        "trunks": _trunks(campaign),
        "limits": _limits(campaign),
        **explain_leg(campaign),
    }


def _law(campaign: Campaign) -> str:
    law = campaign.law
    if law.time_zone is None:
        return f"none: only the hours of this file count, in {campaign.time_zone.key}"
    in_force = f"{law.name}, in force since {law.version}, in {campaign.time_zone.key}"
    return f"{in_force}; {law.how_often}"


def _today(campaign: Campaign, now: datetime) -> str:
    day = now.astimezone(campaign.time_zone).date()
    hours = campaign.calling_hours.on(day)
    date = f"{day:%A %Y-%m-%d}"
    if isinstance(hours, Reason):
        return f"{date}: closed ({hours.english})"
    if hours == ALL_DAY:
        return f"{date}: open all day"
    timing = campaign.timing
    last = hours.closes * 60 - timing.ring_seconds - timing.call_seconds
    clock = f"{last // 3600:02d}:{last // 60 % 60:02d}:{last % 60:02d}"
    return (
        f"{date}: open {hours}; last start before {clock}, which is closing less"
        f" {timing.ring_seconds} s of ringing and {timing.call_seconds} s of call"
    )


def _now(campaign: Campaign, now: datetime) -> str:
    answer = window(campaign.calling_hours, now, campaign.longest_call)
    if not isinstance(answer, Closed):
        return "calls may start"
    opens = answer.opens_at.astimezone(campaign.time_zone)
    return (
        f"no call may start ({answer.reason.english}); the next window opens {opens:{DAY_AND_TIME}}"
    )


def _who(campaign: Campaign) -> str:
    source = campaign.source
    customer = [f"{source.flag} = 1", f"{source.sent} = 0"]
    customer += [f"{column} = {value}" for column, value in source.where.items()]
    invoice = [f"{source.invoice_balance} > 0"]
    invoice += [f"{source.invoice_closed} = 0"] if source.invoice_closed else []
    invoice += [f"{column} = {value}" for column, value in source.invoice_where.items()]
    return (
        f"rows of {source.customers} with {', '.join(customer)}"
        f" that have a row in {source.invoices} with {', '.join(invoice)}"
    )


def _when(campaign: Campaign) -> str:
    rule, source = campaign.due, campaign.source
    if rule.rule == "cut_day":
        begin, end = f"the day of the month in {source.cut_day}", "to the end of that month"
    else:
        begin, end = f"the date in {source.invoice_due_date}", "without end"
    if rule.days_after is not None:
        end = f"until {_many(rule.days_after, 'day')} after it"
    return f"from {_many(rule.days_before, 'day')} before {begin}, {end}"


def _how_often(campaign: Campaign) -> str:
    retry = campaign.retry
    person = campaign.source.person
    in_all = f", {retry.attempts_in_all} in all" if retry.attempts_in_all else ""
    contact = (
        "any call that may have rung" if campaign.contact == "attempted" else "an answered call"
    )
    return (
        f"each person ({f'column {person}' if person else 'each number is one'}) at most"
        f" {_many(retry.attempts_per_day, 'time')} a day, {retry.attempts_per_cycle} in a cycle"
        f"{in_all}, {retry.spacing_minutes:g} minutes apart; {contact}"
        f" is the contact, and there is {campaign.law.how_often}"
    )


def _numbers(campaign: Campaign) -> str:
    numbers = campaign.numbers
    begin = f" that begin with {', '.join(numbers.prefixes)}" if numbers.prefixes else ""
    purposes = ", ".join(campaign.do_not_call)
    entries = f"entries for {purposes}" if purposes else "every entry"
    return (
        f"{' and '.join(numbers.kinds)} numbers{begin} in {', then '.join(campaign.source.phones)};"
        f" {entries} of the do-not-call list forbids a call"
    )


def _trunks(campaign: Campaign) -> str:
    first, *standby = (_trunk(trunk) for trunk in campaign.trunks)
    return "; ".join([first, *(f"standby {each}" for each in standby)])


def _trunk(trunk: Trunk) -> str:
    pace = f"{trunk.calls_per_second:g} a second" if trunk.calls_per_second else "without pace"
    return f"{trunk.label}: new calls {pace}, {_many(trunk.max_calls, 'call')} at once"


def _limits(campaign: Campaign) -> str:
    limits = campaign.limits
    return (
        f"{_many(limits.max_calls, 'call')} at once over all trunks, {limits.calls_per_day} calls"
        f" and {limits.minutes_per_day} answered minutes a day"
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
