"""Texts that belong to no generated function: near misses for all of them."""

import random

STRANGERS = (
    "The tide comes in twice a day here.",
    "Why do cats purr?",
    "Bake for forty minutes, then let it cool.",
    "My grandmother kept bees behind the church.",
    "How tall can a giraffe grow?",
    "The violin part starts softly and grows louder.",
    "I have never seen snow in April before.",
    "What does the word serendipity mean?",
    "Roses are red, violets are blue.",
    "The lecture on medieval bridges was full.",
    "Could you tell me a joke about penguins?",
    "He whistled all the way home.",
    "Which planet has the most moons?",
    "Paint the fence before the autumn rain.",
    "Our choir sings in four languages.",
    "The fox waited at the edge of the wood.",
    "Is it rude to eat soup loudly?",
    "They danced until the lamps went out.",
    "An old map hangs above the fireplace.",
    "Who wrote the first detective story?",
    "Knead the dough until it no longer sticks.",
    "The museum guard knows every painting by heart.",
    "Let's play chess after dinner.",
    "A lighthouse keeper rarely sleeps at night.",
    "What makes bread rise?",
    "She learned to juggle in one summer.",
    "The river froze and the children cheered.",
    "Do plants feel music?",
    "I dreamed of a train without wheels.",
    "The poem has three verses and no title.",
    "Sharks have existed longer than trees.",
    "Why is the sea salty?",
)


def draw_strangers(draw: random.Random, count: int) -> tuple[str, ...]:
    return tuple(draw.sample(STRANGERS, count))
