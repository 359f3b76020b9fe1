"""Short texts by topic, for label functions: what is meant decides, not one keyword."""

import random
from dataclasses import dataclass

from . import words
from .words import split


@dataclass(frozen=True)
class Topic:
    names: tuple[str, ...]
    """What the label may be called."""
    says: tuple[str, ...]
    """Noun phrases that describe it."""
    texts: tuple[str, ...]


def topic(names: str, says: str, texts: str) -> Topic:
    return Topic(tuple(names.split()), tuple(says.split("|")), tuple(texts.strip().split("\n")))


SUPPORT = (
    topic(
        "billing payment money invoice",
        "charges, invoices and refunds|anything about money paid or owed",
        """I was charged twice for {month}.
Where can I download my receipt?
My card was declined but the bank says it's fine.
Please send the invoice to {email} instead.
Why did the price go up by {n} euros?
I still wait for the {n} euros you owe me.
The coupon gave me no discount.
Can I pay by bank transfer?
Our VAT number is missing on the bill.
You took money after I had left.""",
    ),
    topic(
        "login access account password",
        "trouble getting into the account|signing in, passwords and codes",
        """I can't sign in since {day}.
The reset link says it has expired.
My code never arrives on the phone.
It says my user name is unknown.
{name} is locked out after three tries.
The page keeps asking me who I am.
I forgot which address I registered with.
Two-step verification rejects every number.
How do I get back in without my old phone?
Someone changed my password and it wasn't me.""",
    ),
    topic(
        "delivery shipping parcel transport",
        "where a parcel is and how it travels|sending and receiving goods",
        """My {item} hasn't arrived yet.
The courier left the box with a neighbour.
Can you send it to {city} instead?
Tracking hasn't moved since {day}.
It arrived crushed and wet.
Do you ship to {city}?
Nobody was home, when does the driver come again?
Only {n} of the {m} boxes came.
How long does it take to reach {city}?
The {item} went to my old address.""",
    ),
    topic(
        "bug fault defect broken",
        "something in the software that does not work|errors and crashes",
        """The app closes when I open the map.
Export stops at {n} percent.
The save button does nothing.
I get error {n} on every page.
Search shows results from last year only.
Photos appear upside down.
The screen stays white after the update.
Totals in the report are off by one.
Scrolling jumps back to the top on my tablet.
It freezes as soon as I rotate the phone.""",
    ),
    topic(
        "idea wish feature request",
        "a wish for something new|suggestions for the product",
        """A dark mode would be lovely.
Could you add support for {language}?
It would help to sort by colour.
Please let us share lists with {n} people.
I'd love a keyboard shortcut for that.
Why not show the weather next to the date?
Have you thought about a version for watches?
An option to mute single threads would be great.
We miss a way to print several pages at once.
Make the letters bigger, please.""",
    ),
    topic(
        "praise thanks compliment kudos",
        "thanks and kind words|praise without a question",
        """{name} was so patient with me, thank you!
Best tool we ever bought.
Just wanted to say the new editor is a joy.
Five stars from all of us in {city}.
You saved my weekend.
Everything went smoothly, great team.
I have recommended you to {n} friends.
Wow, that was quick. Brilliant!
My father, who is {m}, gets along with it fine.
Lovely service, as always.""",
    ),
    topic(
        "leaving cancel goodbye end",
        "wishes to end the contract|people who want to leave",
        """Please close my account by {day}.
I don't want to renew in {month}.
How do I end my subscription?
We're moving to another provider.
Delete everything, I'm done here.
Stop the plan before the trial is over.
I no longer need the service.
Take us off the contract as of {month}.
I'd like to give notice.
We won't go on next year, what do we have to sign?""",
    ),
    topic(
        "hours visit branch shop",
        "opening times and places|questions about visiting us",
        """Are you open on {day}?
Where exactly is the {city} branch?
Until when can I drop by tonight?
Is there parking behind the shop?
Do you close over lunch?
Which bus stops near your office?
Are you open in {month} during the holidays?
Can I come with a wheelchair?
Is the {city} store still there?
From what time on can I pick things up?""",
    ),
)
OFFICE = (
    topic(
        "meeting appointment calendar schedule",
        "finding or moving a time to meet|dates for meetings",
        """Can we move our talk to {day}?
{name} is free from {n} o'clock, does that suit you?
I won't make it to the call, next week?
Let's sit down about the budget on {day}.
Please find a slot for the five of us.
The workshop is now on the {n}th.
Are you joining at ten?
Shall we skip this week's round?
Your invitation clashes with my dentist.
Could we start half an hour later?""",
    ),
    topic(
        "travel trip journey flight",
        "trips, trains, flights and hotels|travel plans",
        """My train to {city} leaves at {n}.
Please book a room near the fair in {city}.
Which gate does the plane to {city} go from?
I need a visa for {month}.
The taxi costs about {n} euros from the airport.
Can I take the night bus back from {city}?
Two seats by the window to {city}, please.
Our hotel in {city} is overbooked.
Do I need a charger plug adapter over there?
I'll land late, keep the key at the desk.""",
    ),
    topic(
        "staff people hr personnel",
        "leave, hiring, pay and other staff matters|news about employees",
        """{name} starts with us in {month}.
I'd like to take {n} days off in {month}.
I have a fever and stay home today.
Who covers for {name} during parental leave?
Three people applied for the post in {city}.
My payslip shows too few hours.
Congratulations to {name} on ten years here!
The new trainee needs a contract.
{name} has handed in notice.
When is the yearly talk with my boss due?""",
    ),
    topic(
        "equipment it hardware devices",
        "computers, printers and other devices|requests about equipment",
        """The printer on floor {n} is out of toner.
My laptop battery lasts {n} minutes.
I need a second screen.
The projector in the big room hums.
Can I get a headset for calls?
The wifi drops in the corner office.
My mouse double-clicks by itself.
Please order a docking station for {name}.
The badge reader at the door blinks red.
The phone on my desk is dead.""",
    ),
    topic(
        "building room facility office",
        "the building: heat, light, water, rooms|things a caretaker does",
        """It's freezing in room {n}.
The tap in the kitchen drips.
A window on floor {n} won't close.
The lift is stuck again.
Lights flicker in the hallway.
There's water under the sink.
The toilet upstairs is blocked.
Could someone fix the squeaking door?
We need more chairs in room {n}.
The heating bangs all night.""",
    ),
    topic(
        "purchase order buying supplies",
        "things to buy and offers from suppliers|orders and suppliers",
        """Please order {n} boxes of paper.
The supplier offers {n} percent off.
We need a quote for {m} chairs.
Who approves buying a new van?
The offer from {city} is cheaper.
Our stock of gloves lasts a week.
Confirm the order of {n} {items}, please.
They raised the price of steel.
Can we get samples of the {items} first?
The vendor wants a signed purchase order.""",
    ),
    topic(
        "food lunch canteen party",
        "lunch, cake and parties|eating and celebrating together",
        """There's cake in the kitchen, {name} turns {m}!
Who is in for noodles at noon?
The canteen has lentil soup today.
Bring a salad for the summer party.
Vegetarian option for {n} guests?
Coffee is empty again.
Let's have dinner after the fair.
{name} made samosas, help yourselves.
Who ate my yoghurt?
The farewell drinks are at six.""",
    ),
    topic(
        "safety alarm hazard danger",
        "hazards, alarms and accidents|anything that could hurt somebody",
        """There's a cable across the stairs.
Smoke comes out of the copier.
{name} slipped on the wet floor.
The fire door is blocked by boxes.
I smell gas in the basement.
The alarm on floor {n} went off.
The ladder has a cracked step.
A shelf in the store is about to fall.
The first aid box is empty.
Forklift and walkers share one lane, that'll end badly.""",
    ),
)
HOME = (
    topic(
        "light lamp lighting brightness",
        "lamps and brightness|orders about light",
        """Make it brighter in the hall.
Too dark to read here.
Dim everything to {n} percent.
Switch off the lamp by the bed.
Turn the kitchen blue.
I'd like candle colour tonight.
Leave the porch on until ten.
It's glaring in here.
Wake me with a slow glow.
Blink twice when the bell rings.""",
    ),
    topic(
        "music sound audio radio",
        "songs, volume and radio|playing things to hear",
        """Play something calm.
Louder please.
Skip this one.
Put on the jazz list.
What's this song called?
Quieter in the bath.
Start the news station.
Again from the beginning.
Something by a band from {city}.
Silence!""",
    ),
    topic(
        "climate heating temperature warmth",
        "warm, cold and air|heating and fans",
        """I'm freezing.
Set the bedroom to {n} degrees.
Stuffy in here, get some air moving.
Warm up the bath before seven.
The fan can stop now.
Two degrees less at night.
It's like a sauna in the attic.
Keep it cool while we are in {city}.
How warm is it in the nursery?
Frost is coming, protect the pipes.""",
    ),
    topic(
        "reminder timer alarm clock",
        "timers, alarms and reminders|things to be told later",
        """Wake me at {n}.
Eggs need six minutes.
Remind me to call {name}.
How long until the cake is done?
Don't let me forget the bins on {day}.
Cancel the nap.
Tell me when it's time to leave.
Add ten minutes to the pasta.
Every {day} I have to water the plants.
Count down from {n}.""",
    ),
    topic(
        "shopping groceries list basket",
        "things to buy for the house|the shopping list",
        """We're out of milk.
Put {items} on the list.
What do I still need from the market?
Get {n} eggs.
Take the butter off, I found some.
More soap, please.
Toothpaste is nearly gone.
Clear what I bought today.
{name} wants bananas.
Read me what's in the basket.""",
    ),
    topic(
        "door security lock entry",
        "doors, locks and who comes in|keeping the house safe",
        """Did I lock up?
Who just rang?
Let {name} in.
Close the garage.
Someone is in the garden!
Open the gate for the van.
Arm everything when we leave.
Is the back window shut?
Show me the camera by the bins.
New code for the cleaner, please.""",
    ),
    topic(
        "weather forecast outdoors sky",
        "rain, sun and wind outside|the forecast",
        """Do I need an umbrella?
Will it snow in {city}?
How windy is it on the lake?
Sunny enough for laundry?
When does the storm reach us?
Can I hike on {day}?
How hot will {city} get?
Is it foggy on the pass?
When's sunset?
Any chance of frost tonight?""",
    ),
)
POOLS = {
    "support": ("a message to customer support", SUPPORT),
    "office": ("a short note from a colleague", OFFICE),
    "home": ("something said to a voice assistant at home", HOME),
}
LANGUAGES = split("""Swahili Polish Korean Welsh Hindi Finnish Tamil Basque Greek Maori""")


def fill(text: str, draw: random.Random) -> str:
    return text.format(
        name=draw.choice(words.GIVEN),
        city=draw.choice(words.CITIES),
        day=draw.choice(words.DAYS),
        month=draw.choice(words.MONTHS),
        item=words.thing(draw),
        items=words.thing(draw, plural=True),
        email=words.email(draw),
        language=draw.choice(LANGUAGES),
        n=draw.randint(6, 22),
        m=draw.randint(40, 99),
    )
