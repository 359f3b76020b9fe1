"""Label single words by the kind of thing they name."""

import random

from .family import Case, Plan, family, make_plan, telling
from .label_wording import word_labels
from .topic_labels import CODES

CLASSES: dict[str, tuple[tuple[str, ...], str]] = {
    "fruit": (
        ("fruit", "things that grow on trees and bushes and taste sweet"),
        "apple mango fig plum papaya cherry kiwi grape lychee guava pear banana date",
    ),
    "vegetable": (
        ("vegetables", "what goes into a salad or soup"),
        "carrot leek okra cabbage spinach turnip cassava radish celery aubergine beet kale",
    ),
    "animal": (
        ("animals", "living creatures"),
        "otter camel hen toad zebra heron goat lynx shark yak moth crab llama",
    ),
    "tool": (
        ("tools", "things to work with by hand"),
        "hammer saw chisel pliers wrench file spade rake awl drill plane trowel axe",
    ),
    "vehicle": (
        ("vehicles", "what takes people from place to place"),
        "tram canoe lorry scooter ferry bicycle van sledge rickshaw barge bus taxi glider",
    ),
    "clothing": (
        ("clothes", "things to wear"),
        "scarf sari glove sock poncho coat kilt apron shawl belt shirt hat kimono",
    ),
    "furniture": (
        ("furniture", "what stands in a room"),
        "sofa wardrobe bench desk cradle shelf stool bed dresser hammock table armchair",
    ),
    "music": (
        ("musical instruments", "what makes music"),
        "cello oboe sitar drum kora flute harp banjo trumpet gong accordion ukulele",
    ),
    "weather": (
        ("weather", "what happens in the sky"),
        "hail fog drizzle monsoon frost gale sleet thunder blizzard breeze heatwave mist",
    ),
    "job": (
        ("jobs", "what people do for a living"),
        "nurse welder judge baker pilot tailor miner lawyer shepherd clerk dentist mason",
    ),
    "body": (
        ("parts of the body", "what a doctor examines"),
        "elbow ankle liver thumb knee lung shoulder spine wrist heel jaw rib",
    ),
    "building": (
        ("buildings", "what an architect plans"),
        "mosque barn castle school hut tower hospital warehouse temple factory cottage mill",
    ),
    "drink": (
        ("drinks", "what comes in a glass or cup"),
        "tea cider lemonade cocoa beer milk juice coffee water wine kefir smoothie",
    ),
    "material": (
        ("materials", "what things are made of"),
        "steel cotton clay leather glass bamboo silk rubber wool marble copper felt",
    ),
}
WHY = (
    "A shop sorts its catalogue.",
    "We sort words for a game.",
    "A form gets mixed entries.",
    "Entries must land in the right column.",
    "The list is a jumble so far.",
)


def plan_labels(
    draw: random.Random, kinds: list[str], says: list[str], case_of, given: str, question: str
) -> Plan:
    """`case_of(at, draw)`: an input of the class number `at`. Labels are names or codes."""
    labels = tuple(kinds)
    if draw.random() < 0.25:
        labels = tuple(draw.choice(CODES).split()[: len(kinds)])
    elif draw.random() < 0.4:
        style = draw.choice((str.upper, str.capitalize))
        labels = tuple(style(label) for label in labels)

    def case(d: random.Random) -> Case:
        at = d.randrange(len(labels))
        return case_of(at, d), labels[at]

    wordings = word_labels(
        draw,
        given,
        question,
        (f"sort {given} into its class", f"give the class of {given}", "choose the label"),
        WHY,
        labels,
        says,
        example=telling(case, draw),
    )
    return Plan(wordings, case, labels)


@family("word-class", "classify", "labels", weight=1.5)
def word_class(draw: random.Random) -> Plan:
    kinds = draw.sample([k for k in CLASSES], draw.randint(3, 6))
    says = [draw.choice(CLASSES[kind][0]) for kind in kinds]
    phrase = draw.random() < 0.5

    def case_of(at: int, d: random.Random) -> str:
        word = d.choice(CLASSES[kinds[at]][1].split())
        if phrase:
            return d.choice(("{}", "a {}", "the {}", "one {}", "{}?", "my {}")).format(word)
        return d.choice((word, word.upper(), word.capitalize()))

    return plan_labels(draw, kinds, says, case_of, "a word", "what kind of thing is it?")


@family("word-class-odd", "rank", "text")
def odd_one(draw: random.Random) -> Plan:
    """The one word of four that is of another class."""
    main, other = draw.sample(list(CLASSES), 2)
    join = draw.choice((", ", " ", " / ", "; ", "\n"))
    told = draw.random() < 0.6
    upper = draw.random() < 0.3
    size = draw.choice((3, 4, 5))

    def case(d: random.Random) -> Case:
        odd = d.choice(CLASSES[other][1].split())
        items = [*d.sample(CLASSES[main][1].split(), size - 1), odd]
        d.shuffle(items)
        return join.join(items), odd.upper() if upper else odd

    rules = [
        f"all but one are {CLASSES[main][0][0]}" if told else "all but one are of the same kind",
        "write it in capitals" if upper else ("copy the word", "only the word itself"),
    ]
    return make_plan(
        draw,
        case,
        given=f"{size} words",
        goal="find the word that doesn't belong with the others",
        result=("the odd word out", "the one that doesn't belong"),
        rules=rules,
    )
