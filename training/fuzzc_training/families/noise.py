"""Noise that a reader can undo: misspelled words, garbled digits, lost spaces."""

import random

KNOWN = {
    "error": ("eror", "errro", "erorr", "errror"),
    "failed": ("faild", "falied", "faled", "failled"),
    "connect": ("conect", "conenct", "connct"),
    "connection": ("conection", "connecton", "conecction", "conneciton"),
    "nginx": ("ngnix", "nignx", "nginxx", "ngix"),
    "docker": ("dokcer", "doker", "dcoker"),
    "timeout": ("timout", "tiemout", "timeoutt"),
    "refused": ("refsued", "refusd", "reufsed"),
    "received": ("recieved", "recived", "receved"),
    "message": ("mesage", "messgae", "massage"),
    "request": ("requst", "reqeust", "requets"),
    "response": ("respone", "repsonse", "responce"),
    "service": ("servcie", "sevice", "serivce"),
    "warning": ("warnign", "waring", "wraning"),
    "started": ("strated", "startd", "statred"),
    "stopped": ("stoped", "stpoped", "stoppd"),
    "database": ("databse", "datbase", "databaes"),
    "accepted": ("acepted", "accpeted", "acceptd"),
    "password": ("pasword", "passwrod", "passowrd"),
    "unable": ("unabel", "unalbe", "ubable"),
    "memory": ("memroy", "memeory", "memry"),
    "from": ("form", "fomr", "frm"),
    "with": ("wiht", "wth"),
    "sshd": ("shsd", "sshdd"),
    "redis": ("reids", "rediss", "rdeis"),
}
"""Slips that people really make."""


def misspell(word: str, draw: random.Random) -> str:
    """One slip in a lower-case word of four letters or more; its last letter is never lost."""
    known = KNOWN.get(word)
    if known and draw.random() < 0.6:
        return draw.choice(known)
    if len(word) < 5:
        return draw.choice(known) if known else word
    doubles = [at for at in range(1, len(word) - 1) if word[at] == word[at + 1]]
    if doubles and draw.random() < 0.6:
        at = draw.choice(doubles)
        return word[:at] + word[at + 1 :]
    at = draw.randint(1, len(word) - 2)
    kind = draw.random()
    if kind < 0.4 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.8:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] * 2 + word[at + 1 :]


def misspell_cased(word: str, draw: random.Random) -> str:
    """Like `misspell`, in the capitals of the word."""
    slip = misspell(word.lower(), draw)
    if word.isupper():
        return slip.upper()
    return slip[0].upper() + slip[1:] if word[0].isupper() else slip


def letter_digits(digits: str, draw: random.Random, chance: float = 0.6) -> str:
    """Some zeros as o, some ones as l."""
    swap = {"0": "o", "1": "l"}
    return "".join(swap.get(d, d) if draw.random() < chance else d for d in digits)


def garble_number(two: str, draw: random.Random) -> str:
    """Two digits as they are typed in haste: 08 as o8 or 8, 12 as l2."""
    kind = draw.random()
    if kind < 0.4 and two[0] == "0":
        return two[1]
    return letter_digits(two, draw) if kind < 0.75 else two


def garble_time(time: str, draw: random.Random) -> str:
    """HH:MM:SS with lost zeros and letters for digits; never unchanged if that can be."""
    garbled = time
    for _ in range(4):
        garbled = ":".join(garble_number(two, draw) for two in time.split(":"))
        if garbled != time:
            break
    return garbled
