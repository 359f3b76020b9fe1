"""What log lines say, as pieces, with slots for hosts, users, files."""

import random
import re
from collections.abc import Callable

from . import words

Piece = tuple[str, str]


LEVELS = ["error", "warning", "info", "debug", "critical", "notice"]


MESSAGES = """
{n} connections refused by upstream {ip}
connection closed by {ip} port {port}
cannot open file {file}: permission denied
database {db} is ready to accept connections
accepted password for {user} from {ip}
failed password for {user} from {ip}
connect to {ip}:{port} timed out
out of memory: killed process {n}
reading disk {disk} took {n} ms
container {svc} stopped with code {code}
job {svc} finished in {n} seconds
message {n} received from queue {svc}
request {n} took too long
listening on port {port}
worker process {n} exited
certificate for {domain} expires in {code} days
checkpoint complete: wrote {n} buffers
retrying request to {svc} in {code} seconds
session opened for user {user}
session closed for user {user}
invalid token for {user}
disk {disk} is almost full
service {svc} restarted
configuration reloaded from {file}
upstream {svc} timed out
unable to resolve {domain}
too many open files in {svc}
backup of {db} started
backup of {db} completed in {n} seconds
lost connection to {ip}
table {db} is locked
cache miss for key {svc}
pulling image {svc} from registry
slow query on {db}: {n} ms
user {user} logged out
permission denied for {user}
connect() failed for {svc}
writing snapshot to {file}
health check failed for {svc}
started worker {n}
shutdown complete
clock synchronized with {ip}
rotating log file {file}
dropped packet from {ip}
response {code} from {svc} after {n} ms
queue {svc} has {n} messages waiting
scheduled restart of {svc} cancelled
authentication failure for {user}
mounted volume {disk} on {file}
network interface {disk} is down
deploying version {code} to {host}
replication delayed by {n} seconds
memory usage at {code} percent
could not parse header in {file}
removed old files from {file}
template {svc} rendered in {n} ms
payment {n} declined by gateway
mail queued for {domain}
probe of {host} succeeded
password changed for {user}
maximum number of clients reached
reload of {svc} requested by {user}
listener on port {port} opened
server certificate verified
replica {host} joined the cluster
replica {host} left the cluster
transaction {n} rolled back
deadlock detected on {db}
vacuum of {db} finished
archive {file} created
missing file {file}
upload of {file} finished
download from {domain} interrupted
address {ip} banned for {n} seconds
firewall blocked {ip}
kernel updated, reboot required
swap space exhausted
battery at {code} percent
thread pool exhausted in {svc}
garbage collection took {n} ms
leader election started
leader is now {host}
migration {code} applied to {db}
invoice {n} printed
printer on {host} is offline
unknown option in {file}, line {code}
parsing {file} failed at line {code}
unexpected response from {domain}
login of {user} rejected
account {user} locked after {code} attempts
heartbeat lost from {host}
stream {svc} resumed
compression of {file} completed
license expires in {code} days
virtual machine {host} paused
copied {n} bytes to {file}
waiting for {svc} to become healthy
received signal {code}, exiting
subscription {n} renewed
temperature sensor {code} above threshold
""".strip().split("\n")


SLOTS: dict[str, Callable[[random.Random], str]] = {
    "n": lambda d: str(d.randint(2, 9999)),
    "ip": words.ip,
    "port": lambda d: str(d.choice((22, 80, 443, 3000, 5432, 6379, 8080, d.randint(1024, 65000)))),
    "file": lambda d: d.choice(("/var/log/", "/etc/", "/srv/", "/tmp/")) + words.path(d),
    "db": lambda d: d.choice(words.SERVICES),
    "user": lambda d: d.choice((d.choice(words.GIVEN).lower(), "root", "deploy", "admin")),
    "disk": lambda d: d.choice(("sda", "sdb1", "nvme0n1", "eth0", "xvdf", "vg0")),
    "svc": lambda d: d.choice(words.SERVICES),
    "code": lambda d: str(d.randint(1, 99)),
    "domain": lambda d: d.choice(words.DOMAINS),
    "host": words.host,
}


def message(draw: random.Random) -> list[Piece]:
    pieces: list[Piece] = []
    for part in re.split(r"(\{\w+\})", draw.choice(MESSAGES)):
        if part.startswith("{"):
            pieces.append(("keep", SLOTS[part[1:-1]](draw)))
            continue
        for text in re.findall(r"[A-Za-z]+|[^A-Za-z]+", part):
            pieces.append(("word" if text.isalpha() and len(text) > 3 else "keep", text))
    return pieces


def capitalised(pieces: list[Piece]) -> list[Piece]:
    kind, text = pieces[0]
    return [(kind, text[0].upper() + text[1:]), *pieces[1:]]
