"""Which families' inputs are near misses of which: a like value, but of another kind."""

TOPICS = {
    **dict.fromkeys(("calendar_forms", "dates", "days", "rules_of_days"), "time"),
    "money": "amount",
    "quantities": "quantity",
    **dict.fromkeys(("phones", "versions"), "number"),
    "people": "person",
    **dict.fromkeys(("log_fields", "log_repair", "log_repair_parts"), "log"),
    **dict.fromkeys(("json_edit", "json_read", "json_repair"), "json"),
    **dict.fromkeys(("policies", "rules_of_two"), "policy"),
    "commits": "commit",
    "identifiers": "identifier",
}
"""Module of families → what its inputs are about. The others take prose, or anything."""
NEAR = {
    "time": ("amount", "person"),
    "amount": ("time", "person"),
    "quantity": ("person",),
    "number": ("person",),
    "person": ("time", "amount"),
    "log": ("json", "commit"),
    "json": ("log", "commit"),
    "policy": ("person", "identifier"),
    "commit": ("log", "json"),
}
"""Topic → topics none of whose inputs it can answer: a date is no amount, a name no number.
A version may look like a date, a quantity may be one of time, and an identifier can be made of any
words."""


def is_near(module: str, other: str) -> bool:
    """Whether inputs of `other`'s families are near misses for `module`'s."""
    return TOPICS.get(other, "") in NEAR.get(TOPICS.get(module, ""), ())
