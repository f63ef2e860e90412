"""Which kind of line a national number of Colombia names.

``phonenumbers`` keeps the ranges; its `number_type` takes 20 µs, as it looks for a dozen kinds that
no number of ten digits beginning with 3 or 6 can be. So its own patterns are asked here for the
two that a campaign calls; the tests compare every range with the library's answer.
"""

import re
from typing import Literal

from phonenumbers import PhoneMetadata

Kind = Literal["mobile", "fixed"]


def kind_of(national: str) -> Kind | None:
    """The kind of ten digits that begin with 3 or 6; None: no such number exists."""
    if _MOBILE.fullmatch(national):
        return "mobile"
    if _FIXED.fullmatch(national):
        return "fixed"
    return None


def _pattern(line: str) -> re.Pattern[str]:
    colombia = PhoneMetadata.metadata_for_region("CO")
    return re.compile(getattr(colombia, line).national_number_pattern)


_MOBILE = _pattern("mobile")
_FIXED = _pattern("fixed_line")
