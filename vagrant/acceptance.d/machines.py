# SPDX-License-Identifier: BSD-2-Clause
"""The lab's machines, as the acceptance sees them: a command can be run on each, in a shell of root's. How it gets
there, by ssh or into namespaces, is known here and nowhere else."""

import json
import os
import shlex
import subprocess
import tempfile

TREE = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))


def addresses():
    with open(f"{TREE}/vagrant/provision/lab.env", encoding="utf-8") as lines:
        return dict(line.strip().split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


class Machines:
    def __init__(self, lab=None, ssh_config=None):
        self.lab = lab
        self.scratch = tempfile.TemporaryDirectory(prefix="weir-acceptance-")
        self.ssh_config = None if lab else self._ssh_config(ssh_config)

    def _ssh_config(self, given):
        """Vagrant's, with one connection a machine that stays: a new one takes seconds where machines are emulated."""
        text = subprocess.run(["vagrant", "ssh-config"], cwd=f"{TREE}/vagrant", check=True, capture_output=True,
                              text=True).stdout if given is None else open(given, encoding="utf-8").read()
        file = f"{self.scratch.name}/ssh"
        with open(file, "w", encoding="utf-8") as out:
            out.write(f"{text}\nHost *\n  ControlMaster auto\n  ControlPath {self.scratch.name}/%n\n"
                      "  ControlPersist 600\n  ConnectTimeout 60\n  ServerAliveInterval 20\n  LogLevel ERROR\n")
        return file

    def command(self, machine, text):
        if self.lab:
            return ["env", f"WEIR_LAB={self.lab}", f"{TREE}/scripts/lab", "run", machine, "bash", "-c", text]
        return ["ssh", "-F", self.ssh_config, machine, "sudo bash -c " + shlex.quote(text)]

    def on(self, machine, text, data=None, check=True, seconds=120):
        """What the command prints. data: its standard input."""
        done = subprocess.run(self.command(machine, text), input=b"" if data is None else data, capture_output=True,
                              timeout=seconds, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"on {machine}: {text[:200]}: status {done.returncode}: {done.stderr.decode()[-2000:]}")
        return done.stdout.decode()

    def begin(self, machine, text, data=None):
        """The same in the background; finish() waits for it."""
        process = subprocess.Popen(self.command(machine, text), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdin.write(data or b"")
        process.stdin.close()
        process.stdin = None
        return process

    @staticmethod
    def finish(process, seconds=300):
        out, err = process.communicate(timeout=seconds)
        if process.returncode != 0:
            raise RuntimeError(f"status {process.returncode}: {err.decode()[-2000:]}")
        return out.decode()

    def put(self, machine, path, data):
        self.on(machine, f"cat >{shlex.quote(path)}", data)

    def interface(self, machine, address):
        return self.on(machine, f"ip -o -4 addr show to {address}/32").split()[1]

    def json(self, machine, url):
        return json.loads(self.on(machine, f"curl -sf --max-time 10 {shlex.quote(url)}"))

    def close(self):
        if self.ssh_config:
            for machine in ("feeder", "gateway", "hub"):
                subprocess.run(["ssh", "-F", self.ssh_config, "-O", "exit", machine], capture_output=True, check=False)
        self.scratch.cleanup()
