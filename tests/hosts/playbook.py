"""Runs the playbooks as an operator does: as a command, over ssh, on an inventory of files."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hosts.machine import SSH_OPTIONS, Machine

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Result:
    """How a playbook ended."""

    code: int
    output: str

    def count(self, what: str, host: str) -> int:
        """A number of the last lines: ``changed``, ``failed``, … of a host."""
        found = re.search(rf"^{host}\s+: .*\b{what}=(\d+)", self.output, re.MULTILINE)
        assert found is not None, self.output
        return int(found[1])

    @property
    def changed(self) -> list[str]:
        """The tasks and handlers that changed something, in their order."""
        names = []
        for part in re.split(r"^(?:TASK|RUNNING HANDLER) \[", self.output, flags=re.MULTILINE)[1:]:
            if re.search(r"^changed: ", part, re.MULTILINE):
                names.append(part.partition("] *")[0])
        return names

    @property
    def sentence(self) -> str:
        """What the task that failed last says, as one line."""
        failed = re.findall(r"^(?:fatal|failed): .*\n((?: +.*\n)+)", self.output, re.MULTILINE)
        assert failed, self.output
        said = re.search(r"^ {4}msg: ((?:.*\n)(?: {8}.*\n)*)", failed[-1], re.MULTILINE)
        assert said is not None, failed[-1]
        return " ".join(said[1].split()).strip("'").replace("''", "'")


class Playbooks:
    """The playbooks of one clone on one inventory."""

    def __init__(self, directory: Path, key: Path, clone: Path = ROOT) -> None:
        self.directory = directory
        """For its inventory and its logs."""
        self._key = key
        self._clone = clone
        self.variables: dict[str, Any] = {}
        """Of all hosts; the secrets too, as an operator's vault would have them."""
        self.groups: dict[str, dict[Machine, dict[str, Any]]] = {}
        """Group to its hosts, each with its variables."""
        self.environment: dict[str, str] = {}

    def of(self, clone: Path) -> "Playbooks":
        """Those of another clone, on the same inventory."""
        other = Playbooks(self.directory, self._key, clone)
        other.variables, other.groups = self.variables, self.groups
        other.environment = self.environment
        return other

    def run(self, name: str, *arguments: str, **variables: Any) -> Result:
        """Run a playbook to its end; ``variables``: in place of those of the inventory."""
        extra = ["--extra-vars", json.dumps(variables)] if variables else []
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("ansible-playbook")), "-v"),
                *("-i", str(self._inventory()), f"ansible/{name}.yml", *arguments, *extra),
            ],
            cwd=self._clone,
            env={
                **os.environ,
                "ANSIBLE_CONFIG": str(self._clone / "ansible/ansible.cfg"),
                "ANSIBLE_NOCOLOR": "1",
                # The environment's own clone is another one than this where it is an older one.
                "PYTHONPATH": str(self._clone),
                # Connections that stay open must not outlive these hosts and serve the next ones.
                "ANSIBLE_HOME": str(self.directory / "ansible"),
                **self.environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        (self.directory / f"{name}.log").write_text(output)
        return Result(done.returncode, output)

    def part(self, tags: str, *arguments: str, **variables: Any) -> Result:
        """Run a part of site.yml; what the control machine builds for it was built before."""
        chosen = ("--tags", tags, "--skip-tags", "control")
        return self.run("site", *chosen, *arguments, **variables)

    def _inventory(self) -> Path:
        connection = {
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(self._key),
            "ansible_ssh_common_args": " ".join(SSH_OPTIONS),
        }
        inventory = {
            "all": {"vars": connection | self.variables},
            **{
                group: {
                    "hosts": {
                        machine.name: {"ansible_host": machine.address, **own}
                        for machine, own in hosts.items()
                    }
                }
                for group, hosts in self.groups.items()
            },
        }
        file = self.directory / "inventory.json"
        file.write_text(json.dumps(inventory, indent=2))
        return file
