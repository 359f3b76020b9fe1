"""Clean log lines of many layouts, as pieces that say what they are.

A layout gives a list of (kind, text). Kinds that noise can touch: `time`, `day`, `level`,
`program`, `word`, `code` (a number); all else is `keep`.
"""

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


def time(draw: random.Random) -> str:
    """Often with zeros, since these are what gets lost."""
    low = draw.random() < 0.5
    hour = draw.randint(0, 9) if low else draw.randint(0, 23)
    second = draw.randint(0, 9) if draw.random() < 0.5 else draw.randint(0, 59)
    return f"{hour:02}:{draw.randint(0, 59):02}:{second:02}"


def day(draw: random.Random) -> str:
    return f"{draw.randint(1, 28):02}"


def month(draw: random.Random) -> str:
    return draw.choice(words.MONTHS)[:3]


def iso_date(draw: random.Random) -> str:
    return f"20{draw.randint(19, 26)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def keep(text: str) -> Piece:
    return ("keep", text)


def syslog(draw: random.Random) -> list[Piece]:
    program = [("program", draw.choice(words.PROGRAMS)), keep(f"[{draw.randint(1, 9999)}]: ")]
    head = [keep(month(draw) + " "), ("day", day(draw)), keep(" "), ("time", time(draw))]
    return [*head, keep(f" {words.host(draw)} "), *program, *message(draw)]


def journal(draw: random.Random) -> list[Piece]:
    unit = draw.choice(words.PROGRAMS)
    verbs = ("Starting", "Started", "Stopping", "Stopped", "Restarting", "Reloading", "Failed")
    tail = [("word", draw.choice(verbs)), keep(" "), ("program", unit), keep(".service")]
    body = tail if draw.random() < 0.5 else capitalised(message(draw))
    head = [keep(month(draw) + " "), ("day", day(draw)), keep(" "), ("time", time(draw))]
    return [*head, keep(f" {words.host(draw)} "), ("program", "systemd"), keep("[1]: "), *body]


def nginx(draw: random.Random) -> list[Piece]:
    date = iso_date(draw).replace("-", "/")
    level = [keep(" ["), ("level", draw.choice(LEVELS)), keep(f"] {draw.randint(10, 999)}#0: ")]
    return [keep(date + " "), ("time", time(draw)), *level, *message(draw)]


def app(draw: random.Random) -> list[Piece]:
    level = [keep(" "), ("level", draw.choice(LEVELS).upper()), keep(" ")]
    where = keep(f"{draw.choice(words.SERVICES)}{draw.choice((': ', ' - '))}")
    return [keep(iso_date(draw) + " "), ("time", time(draw)), *level, where, *message(draw)]


def bracket(draw: random.Random) -> list[Piece]:
    level = [keep("] ["), ("level", draw.choice(LEVELS).upper()), keep("] ")]
    where = keep(f"[{draw.choice(words.SERVICES)}] ")
    return [keep("["), ("time", time(draw)), *level, where, *capitalised(message(draw))]


def pipe(draw: random.Random) -> list[Piece]:
    level = [keep(f" | {words.host(draw)} | "), ("level", draw.choice(LEVELS)), keep(" | ")]
    return [("time", time(draw)), *level, *message(draw)]


def logfmt(draw: random.Random) -> list[Piece]:
    level = [keep(" level="), ("level", draw.choice(LEVELS)), keep(" app=")]
    tail = [keep(draw.choice(words.SERVICES) + ' msg="'), *message(draw), keep('"')]
    return [keep("time="), ("time", time(draw)), *level, *tail]


def klog(draw: random.Random) -> list[Piece]:
    head = f"{draw.choice('EWI')}{draw.randint(1, 12):02}{day(draw)} "
    file = f"{draw.choice(words.STEMS)}.go:{draw.randint(10, 900)}"
    return [keep(head), ("time", time(draw)), keep(f" {file}] "), *message(draw)]


def compose(draw: random.Random) -> list[Piece]:
    head = keep(f"{draw.choice(words.SERVICES)}-{draw.randint(1, 4)}  | ")
    level = [keep(" "), ("level", draw.choice(LEVELS).upper()), keep(" ")]
    return [head, ("time", time(draw)), *level, *message(draw)]


def java(draw: random.Random) -> list[Piece]:
    owner = f"com.{draw.choice(words.SERVICES)}.{draw.choice(words.STEMS).title()}"
    level = [keep(f" [main] {''}"), ("level", draw.choice(LEVELS).upper()), keep(f" {owner} - ")]
    return [("time", time(draw)), *level, *capitalised(message(draw))]


def postgres(draw: random.Random) -> list[Piece]:
    level = ("level", draw.choice(LEVELS).upper())
    pid = keep(f" UTC [{draw.randint(10, 9999)}] ")
    return [
        keep(iso_date(draw) + " "),
        ("time", time(draw)),
        pid,
        level,
        keep(": "),
        *message(draw),
    ]


def supervisor(draw: random.Random) -> list[Piece]:
    program = [keep(" "), ("program", draw.choice(words.PROGRAMS)), keep(": ")]
    level = [("level", draw.choice(LEVELS)), keep(": ")]
    return [("time", time(draw)), *program, *level, *message(draw)]


def chat(draw: random.Random) -> list[Piece]:
    """A line as a colleague retypes it: host, program, time, message."""
    head = [keep(words.host(draw) + " "), ("program", draw.choice(words.PROGRAMS))]
    return [*head, keep(" at "), ("time", time(draw)), keep(": "), *message(draw)]


def ci(draw: random.Random) -> list[Piece]:
    step = f"step {draw.randint(1, 9)}/9 "
    return [keep("##["), ("time", time(draw)), keep(f"] {step}"), *message(draw)]


LAYOUTS: dict[str, tuple[str, Callable[[random.Random], list[Piece]]]] = {
    "syslog": ("a syslog line", syslog),
    "journal": ("a line from journalctl", journal),
    "nginx": ("a line of the web server's error log", nginx),
    "app": ("a line of an application log", app),
    "bracket": ("a log line with fields in square brackets", bracket),
    "pipe": ("a log line whose fields stand between bars", pipe),
    "logfmt": ("a key=value log line", logfmt),
    "klog": ("a log line of a Kubernetes component", klog),
    "compose": ("a line printed by docker compose", compose),
    "java": ("a line of a Java server's log", java),
    "postgres": ("a line of the database log", postgres),
    "supervisor": ("a line of the process supervisor's log", supervisor),
    "chat": ("a log line retyped into a chat", chat),
    "ci": ("a line of a build log", ci),
}
