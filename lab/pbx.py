"""The PBX: the dialer's own dialplan, an AMI account and the trunk."""

import re
import shutil
from pathlib import Path

from lab.asterisk import Asterisk
from lab.errors import LabError
from lab.speech import encode_tone
from lab.waiting import wait_until

AMI_USER = "overdue"
TRUNK = "voip_issabel"
_DIALPLAN = Path(__file__).parent.parent / "dialplan"
_BLANK = "secret = CHANGE-ME"
_TRUNK_SECONDS = 15


class Pbx(Asterisk):
    """Asterisk on 127.0.0.1 with the files of ``dialplan/`` as they are, samples included."""

    def __init__(self, state: Path, tree: Path, dialplan: Path = _DIALPLAN) -> None:
        """``state``: the directory of the lab; ``tree``: the Debian tree."""
        super().__init__("pbx", state, tree)
        self._dialplan = dialplan

    def configure(self, ami_secret: str, sounds: Path) -> None:
        """Write its configuration; ``sounds``: prompts to install, where they are there."""
        self.prepare()
        etc = self.directory / "etc"
        shutil.copytree(
            self._dialplan, etc / "overdue", ignore=shutil.ignore_patterns("*.py", "__*")
        )
        sample = (self._dialplan / "samples" / "manager.conf").read_text()
        manager = etc / "manager.conf"
        manager.touch(mode=0o600)
        manager.chmod(0o600)
        manager.write_text(sample.replace(_BLANK, f"secret = {ami_secret}"))
        encode_tone(330, 10, self.directory / "music" / "tone.ulaw")
        if sounds.is_dir():
            self.install_sounds(sounds)

    def wait_trunk(self) -> None:
        """Wait until the trunk's qualify has been answered."""
        self.cli(f"pjsip qualify {TRUNK}")
        if not wait_until(self.trunk_available, _TRUNK_SECONDS):
            raise LabError(f"The carrier does not answer the trunk {TRUNK}.")

    def trust_trunk(self) -> None:
        """Ask the far end no more whether it is there, until the next `up`.

        On a machine that is full of calls its answer comes too late, and chan_pjsip then makes no
        channel at all.
        """
        file = self.directory / "etc" / "pjsip.conf"
        file.write_text(re.sub(r"(?m)^qualify_.*$", "", file.read_text()))
        self.cli("module reload res_pjsip.so")
        if not wait_until(lambda: "NonQual" in self.cli(f"pjsip show aor {TRUNK}"), _TRUNK_SECONDS):
            raise LabError(f"The PBX goes on asking whether {TRUNK} is there.")

    def trunk_available(self) -> bool:
        """Whether the far end answers the trunk's OPTIONS."""
        return " Avail " in self.cli(f"pjsip show aor {TRUNK}")
