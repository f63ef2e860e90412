"""The lab's carrier, reached by hosts: it asks for a password, or knows a PBX by its address."""

from pathlib import Path

from lab.carrier import Carrier
from tests.hosts.network import CARRIER

ACCOUNT = "5712345"
PASSWORD = "clave-de-la-troncal"
_FOR_HOSTS = """
; Who names an account is asked for its password, wherever he calls from.
[global]
type = global
endpoint_identifier_order = username,ip

[hosts-udp]
type = transport
protocol = udp
bind = {address}:5060

[endpoint-of-hosts](!)
type = endpoint
transport = hosts-udp
context = carrier
disallow = all
allow = ulaw,alaw
direct_media = no
dtmf_mode = rfc4733

; A PBX that registers.
[{account}](endpoint-of-hosts)
auth = {account}
aors = {account}

[{account}]
type = auth
auth_type = userpass
username = {account}
password = {password}

[{account}]
type = aor
max_contacts = 4
remove_existing = yes
"""
_BY_ADDRESS = """
[at-{address}](endpoint-of-hosts)

[at-{address}]
type = identify
endpoint = at-{address}
match = {address}
"""


class CarrierOfHosts(Carrier):
    """Listens on the bridge."""

    def configure_for(self, *by_address: str) -> None:
        """Write its configuration; ``by_address``: PBXs that need no password."""
        self.configure()
        text = _FOR_HOSTS.format(address=CARRIER, account=ACCOUNT, password=PASSWORD)
        text += "".join(_BY_ADDRESS.format(address=address) for address in by_address)
        with (self.directory / "etc" / "pjsip.conf").open("a") as file:
            file.write(text)


def make(state: Path, tree: Path, *by_address: str) -> CarrierOfHosts:
    """Configure and start it."""
    carrier = CarrierOfHosts(state, tree)
    carrier.configure_for(*by_address)
    carrier.start()
    carrier.wait_booted()
    return carrier
