"""Where the company keeps customers and invoices."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from campaign.checks import Checked, ListOf, OrNull, key
from campaign.errors import CampaignError
from campaign.values import IDENTIFIER, conditions


@dataclass(frozen=True)
class Source(Checked):
    """Where the company keeps customers and invoices: names of tables and columns."""

    customers: str = key(IDENTIFIER, default="afiliados")
    customer_id: str = key(IDENTIFIER, default="id")
    phones: tuple[str, ...] = key(ListOf(IDENTIFIER, 1, 9), default=("telefono",))
    """Columns with numbers, in the order in which they are tried."""
    cut_day: str | None = key(OrNull(IDENTIFIER), default="corte")
    person: str | None = key(OrNull(IDENTIFIER), default=None)
    flag: str = key(IDENTIFIER, default="outbound_call")
    sent: str = key(IDENTIFIER, default="outbound_call_is_sent")
    attempts: str = key(IDENTIFIER, default="outbound_call_attempts")
    completed_at: str = key(IDENTIFIER, default="outbound_call_completed_at")
    where: Mapping[str, int | str] = key(conditions, default_factory=dict)
    invoices: str = key(IDENTIFIER, default="factura")
    invoice_customer: str = key(IDENTIFIER, default="id-afiliado")
    invoice_balance: str = key(IDENTIFIER, default="saldo")
    invoice_closed: str | None = key(OrNull(IDENTIFIER), default="cerrado")
    invoice_where: Mapping[str, int | str] = key(conditions, default_factory=dict)
    invoice_due_date: str | None = key(OrNull(IDENTIFIER), default=None)

    def to_json(self) -> str:
        """The text that a run stores, which ``from_json`` reads back."""
        plain = {"where": dict(self.where), "invoice_where": dict(self.invoice_where)}
        return json.dumps(vars(self) | plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Source":
        """Read the text of ``to_json``, checked again; raises CampaignError."""
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise CampaignError(
                f"the source that this run stored cannot be read ({error}); start a new run"
            ) from None
