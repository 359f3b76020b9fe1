"""Label what somebody means: mood, consent, urgency, kind of sentence, cause of a fault."""

import random

from . import words
from .family import Plan, family
from .topics import Topic, fill, topic
from .word_classes import plan_labels

MOOD = (
    topic("good happy positive", "content people|praise", """
The {item} is lovely.
Friendly staff and a quiet room.
It came two days early!
Finally something that lasts.
{name} loves it, so do I.
I'd buy it again any time.
Best coffee in {city}.
Worth every cent."""),
    topic("bad unhappy negative", "angry or disappointed people|complaints", """
The {item} broke after a week.
Nobody smiled and the room smelled.
I want my money back.
Colder than a fridge and twice as loud.
Never again.
{name} cried, it was so dull.
A waste of an evening in {city}.
Half of it was missing."""),
    topic("neutral mixed plain", "texts without a clear opinion|facts", """
The {item} is {n} cm wide.
It comes in a box.
We stayed in {city} for {n} nights.
{name} ordered it in {month}.
There are {n} seats.
Delivery was on {day}.
The manual has {n} pages.
It replaces the older model."""),
)  # fmt: skip
CONSENT = (
    topic("accept yes agreed", "the offer is taken|consent", """
Count me in!
Fine, let's do {day}.
Sounds good to me.
Sure, why not.
With pleasure, see you in {city}.
I'll sign it tonight.
{name} and I are happy to come.
Done deal."""),
    topic("decline no refused", "the offer is turned down|refusal", """
I'm afraid I can't on {day}.
Thanks, but no.
We'd rather not.
Not for {n} euros.
{name} says we have to pass.
I've already bought one in {city}.
Please take me off the list.
That won't work for us."""),
    topic("unsure maybe open", "neither consent nor refusal|not decided yet", """
Let me ask {name} first.
I'll know more on {day}.
Depends on the weather.
Can I tell you later?
What would it cost for {n} people?
Hard to say right now.
We're still thinking it over.
Possibly, if we're back from {city}."""),
    topic("counter other-offer haggle", "another proposal is made|a different offer", """
How about {day} instead?
I could do {n} euros.
Only if {name} may come too.
Let's meet in {city} rather than here.
Half now and half in {month}?
Make it two and we have a deal.
I'd prefer the blue one for that price.
Could it be an hour later?"""),
)  # fmt: skip
ACT = (
    topic("question ask", "something is asked", """
Where did you put the {item}
Is {name} back from {city}?
how long does it take
What's for lunch on {day}?
Do we need {n} of them?
who locked the door
Why is it so dark?
Can anybody hear me?"""),
    topic("order request", "somebody shall do something", """
Bring the {item} here.
Call {name} before {day}.
please shut the window
Send {n} copies to {city}.
Don't touch that.
Move it to the left.
wait for me at the gate
Stop the pump."""),
    topic("statement fact", "something is told", """
The {item} is in the cellar.
{name} lives in {city}.
it snowed on {day}
We sold {n} tickets.
The bus was late again.
My sister plays the flute.
there is soup left
The shop closes in {month}."""),
    topic("greeting hello", "people say hello or goodbye", """
Good morning, {name}!
Hi all
See you on {day}!
Greetings from {city}.
hey {name}
Good night.
Welcome back, {name}.
Bye, take care!"""),
    topic("promise commitment", "the speaker will do something", """
I'll bring the {item}.
You'll have it by {day}.
I will call {name} tonight.
we'll pay in {month}
I'm going to fix that tomorrow.
Leave it to me, I'll do it.
I promise to be on time.
We shall send {n} of them."""),
)  # fmt: skip
CAUSE = (
    topic("network connection", "machines don't reach each other|a fault of the network", """
connection refused by {n}.0.0.{m}
host unreachable
could not resolve api.example.com
socket hang up after {n} s
no route to host
packet loss {m} %
read ECONNRESET
TLS handshake timed out"""),
    topic("disk storage", "no room or a fault on a disk|storage trouble", """
no space left on device
I/O error on sector {n}{m}
read-only file system
volume {m} % full
quota exceeded for /home/{name}
inode table exhausted
raid array degraded
cannot write snapshot: disk full"""),
    topic("memory ram", "memory ran out", """
out of memory, killed worker {n}
java.lang.OutOfMemoryError: heap space
cannot allocate {n}{m} bytes
swap usage at {m} %
container hit its limit of {m} MB
fatal: malloc failed
heap out of memory after mark-compact
page allocation failure"""),
    topic("access permission", "somebody may not do it|rights and passwords", """
permission denied: /etc/shadow
invalid password for {name}
token has expired
403 for user {name}
sudo: {name} is not in the sudoers file
certificate not trusted
access key {n}{m} is disabled
login failed: unknown user {name}"""),
    topic("code program", "a mistake in the program|a bug in the code", """
TypeError: x is undefined
NullPointerException at line {m}
index {m} out of range
division by zero in total()
unexpected token at line {n}
no such method: save_all
assertion failed: count > 0
stack overflow in parse()"""),
    topic("config settings", "a wrong setting|configuration trouble", """
unknown option --fast
missing key 'port' in app.yaml
invalid value '{n}x' for timeout
environment variable DB_URL is not set
duplicate entry 'host' in settings
port {m} is given twice
cannot parse config.toml, line {n}
unsupported log level 'loud'"""),
)  # fmt: skip
URGENCY = (
    topic("now urgent high", "harm is being done right now|cannot wait", """
Water is pouring through the ceiling!
Every customer sees an error page.
{name} has collapsed, get help.
Our safe is open and the money is gone.
The oven is on fire.
All {m} machines stopped at once.
Somebody is logged in as me this very minute.
The brakes of van {n} just failed."""),
    topic("soon today normal", "a nuisance to be dealt with in a day|one person can't work on", """
I can't open the file {name} sent me.
The lamp at my desk is out.
My badge doesn't open the side door any more.
The {item} I ordered has the wrong size.
My screen flickers since this morning.
{name} needs a new password.
The printer takes only every second page.
One of the {n} chairs wobbles."""),
    topic("later low someday", "ideas and small matters without a date|can wait for weeks", """
A bench in the yard would be nice one day.
The logo looks a bit pale.
Could the newsletter be shorter?
There's a comma missing on page {n}.
Has anybody thought of a summer party in {city}?
The paint in the corridor is getting old.
Maybe we could rename the folder at some point.
I wonder whether {name} likes the new colour."""),
)  # fmt: skip
POOLS: dict[str, tuple[str, str, tuple[Topic, ...]]] = {
    "mood": ("a review or remark", "how does the writer feel?", MOOD),
    "consent": ("the answer to an offer", "is the offer taken?", CONSENT),
    "speech-act": ("one sentence", "what does the sentence do?", ACT),
    "fault-cause": ("an error message", "where does the fault lie?", CAUSE),
    "urgency": ("a message to the help desk", "how soon must we act?", URGENCY),
}


def plan_pool(draw: random.Random, pool: str) -> Plan:
    given, question, topics = POOLS[pool]
    least = min(3, len(topics))
    chosen = draw.sample(topics, draw.randint(least, len(topics)))
    while True:
        names = [draw.choice(topic.names) for topic in chosen]
        if len(set(names)) == len(names):
            break
    says = [draw.choice(topic.says) for topic in chosen]
    machine = pool == "fault-cause"

    def case_of(at: int, d: random.Random) -> str:
        text = fill(d.choice(chosen[at].texts), d)
        if machine:
            return d.choice(
                ("{t}", "{h}: {t}", "[{s}] {t}", "ERROR {t}", "{s} on {h}: {t}")
            ).format(t=text, h=words.host(d), s=d.choice(words.SERVICES))
        return d.choice(("{t}", "{t}", "{t} - {g}", "{g}: {t}")).format(
            t=text, g=d.choice(words.GIVEN)
        )

    return plan_labels(draw, names, says, case_of, given, question)


def add_pool(pool: str) -> None:
    family(f"meaning-{pool}", "classify", "labels", weight=1.5)(lambda draw: plan_pool(draw, pool))


for _pool in POOLS:
    add_pool(_pool)
