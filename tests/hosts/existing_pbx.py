"""What an existing PBX has of its own: a chan_sip trunk, extensions, files that the site edits."""

from lab.waiting import wait_until
from tests.hosts.machine import SSH_PAUSE, Machine
from tests.hosts.network import CARRIER

_SECONDS = 30
TRUNK = "voip_issabel"
AGENT = "agent"
"""A telephone of the company's; the carrier plays it."""
_FILES = {
    "sip.conf": f"""[general]
context = incoming
bindport = 5060
disallow = all
allow = ulaw

[{TRUNK}]
type = peer
host = {CARRIER}
context = incoming
insecure = port,invite
qualify = yes
directmedia = no

[{AGENT}]
type = peer
host = {CARRIER}
defaultuser = {AGENT}
context = incoming
disallow = all
allow = ulaw
qualify = yes
callcounter = yes
directmedia = no

#include sip_custom.conf
""",
    "sip_custom.conf": "; the company's own\n",
    "extensions.conf": """[general]
static = yes
writeprotect = no

[incoming]
exten => _X.,1,Goto(reception,600,1)

[reception]
exten => 600,1,Answer()
 same => n,Wait(3600)
 same => n,Hangup()

#include extensions_custom.conf
""",
    "extensions_custom.conf": "; the company's own\n",
    "manager.conf": """[general]
enabled = yes
port = 5038
bindaddr = 127.0.0.1

#include manager_custom.conf
""",
    "manager_custom.conf": "; the company's own\n",
}


def make(host: Machine) -> None:
    """Give a host with Asterisk the configuration of a company, and restart it once."""
    for name, text in _FILES.items():
        host.run("tee", f"/etc/asterisk/{name}", text=text)
    host.run("systemctl", "restart", "asterisk")
    host.cli("core waitfullybooted")


def start_own_call(host: Machine, number: str) -> str:
    """Let the company call somebody; returns the channel when it is up."""
    assert wait_until(lambda: "OK (" in host.cli("sip show peers"), _SECONDS, SSH_PAUSE)
    host.cli(f"channel originate SIP/{TRUNK}/{number} extension 600@reception")
    assert wait_until(lambda: own_channel(host) != "", _SECONDS, SSH_PAUSE)
    return own_channel(host)


def own_channel(host: Machine) -> str:
    """The name of the company's channel, another one for each call; empty when none is up."""
    for line in host.cli("core show channels concise").splitlines():
        parts = line.split("!")
        if parts[0].startswith("SIP/") and parts[1] == "reception" and parts[4] == "Up":
            return parts[0]
    return ""
