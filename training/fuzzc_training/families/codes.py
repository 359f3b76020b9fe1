"""Label the content of fields: formats, languages, status numbers."""

import random

from . import extraction, phones, words
from .dates import draw_day, typed
from .family import Plan, family
from .identifiers import STYLES, draw_parts
from .word_classes import plan_labels

FORMATS: dict[str, tuple[tuple[str, ...], object]] = {
    "email": (("an e-mail address", "an address with an at sign"), words.email),
    "url": (("a web address", "a link"), extraction.url),
    "ip": (("an IP address", "four numbers with dots"), words.ip),
    "version": (("a version of three numbers", "a release number"), extraction.version),
    "path": (("a file path", "the path of a source file"), words.path),
    "name": (("a person's name", "somebody's full name"), words.name),
    "date": (("a date", "a day of the calendar"), lambda d: typed(draw_day(d), d, True)),
    "phone": (("a phone number", "a number to call"), extraction.phone),
    "ticket": (("a ticket key like OPS-12", "capitals, hyphen, number"), extraction.ticket),
    "amount": (
        ("an amount of money", "a price"),
        lambda d: words.amount(d) + d.choice((" EUR", " $")),
    ),
    "identifier": (
        ("a name in code", "a snake_case or camelCase name"),
        lambda d: STYLES[d.choice(("snake_case", "camelCase"))](draw_parts(d)),
    ),
    "card": (("a number of 16 digits", "a card number"), lambda d: phones.digits(d, 16)),
}


@family("format-kind", "classify", "labels")
def format_kind(draw: random.Random) -> Plan:
    kinds = draw.sample(list(FORMATS), draw.randint(3, 6))
    says = [draw.choice(FORMATS[kind][0]) for kind in kinds]
    return plan_labels(
        draw,
        kinds,
        says,
        lambda at, d: FORMATS[kinds[at]][1](d),
        "the content of a form field",
        "what is it?",
    )


LANGUAGES: dict[str, str] = {
    "German": "Wo ist der Bahnhof?|Das Brot ist frisch.|Ich habe keine Zeit.|Wir sehen uns morgen."
    "|Die Kinder spielen im Garten.|Kannst du mir helfen?|Es regnet seit gestern.",
    "French": "Où est la gare ?|Le pain est frais.|Je n'ai pas le temps.|À demain, mon ami."
    "|Les enfants jouent dehors.|Peux-tu m'aider ?|Il pleut depuis hier.",
    "Spanish": "¿Dónde está la estación?|El pan está caliente.|No tengo tiempo.|Hasta mañana."
    "|Los niños juegan afuera.|¿Puedes ayudarme?|Llueve desde ayer.",
    "Italian": "Dov'è la stazione?|Il pane è fresco.|Non ho tempo.|Ci vediamo domani."
    "|I bambini giocano in giardino.|Puoi aiutarmi?|Piove da ieri.",
    "Portuguese": "Onde fica a estação?|O pão está fresco.|Não tenho tempo.|Até amanhã."
    "|As crianças brincam lá fora.|Você pode me ajudar?|Chove desde ontem.",
    "Dutch": "Waar is het station?|Het brood is vers.|Ik heb geen tijd.|Tot morgen."
    "|De kinderen spelen buiten.|Kun je mij helpen?|Het regent sinds gisteren.",
    "Polish": "Gdzie jest dworzec?|Chleb jest świeży.|Nie mam czasu.|Do jutra."
    "|Dzieci bawią się w ogrodzie.|Możesz mi pomóc?|Pada od wczoraj.",
    "Swahili": "Kituo kiko wapi?|Mkate ni mpya.|Sina wakati.|Tutaonana kesho."
    "|Watoto wanacheza nje.|Unaweza kunisaidia?|Mvua inanyesha tangu jana.",
    "English": "Where is the station?|The bread is fresh.|I have no time.|See you tomorrow."
    "|The children play outside.|Can you help me?|It has rained since yesterday.",
    "Turkish": "İstasyon nerede?|Ekmek taze.|Zamanım yok.|Yarın görüşürüz."
    "|Çocuklar dışarıda oynuyor.|Bana yardım eder misin?|Dünden beri yağmur yağıyor.",
}


@family("language-of-text", "classify", "labels")
def language(draw: random.Random) -> Plan:
    kinds = draw.sample(list(LANGUAGES), draw.randint(3, 5))
    short = draw.random() < 0.3
    names = [kind[:2].lower() for kind in kinds] if short else kinds
    endings = ("", " " + draw.choice(words.GIVEN), "", " :)")

    def case_of(at: int, d: random.Random) -> str:
        return d.choice(LANGUAGES[kinds[at]].split("|")) + d.choice(endings)

    says = [f"text in {kind}" for kind in kinds]
    return plan_labels(draw, names, says, case_of, "a short sentence", "which language is it?")


STATUS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "fine": (("200 to 299", "a success"), (200, 201, 202, 204, 206)),
    "moved": (("300 to 399", "a redirect"), (301, 302, 303, 304, 307, 308)),
    "denied": (("401 and 403", "no permission"), (401, 403)),
    "missing": (("404 and 410", "nothing there"), (404, 410)),
    "broken": (("500 to 599", "a fault of the server"), (500, 501, 502, 503, 504, 507)),
    "busy": (("429 alone", "too many requests"), (429,)),
}


@family("status-code", "classify", "labels")
def status(draw: random.Random) -> Plan:
    kinds = draw.sample(list(STATUS), draw.randint(3, 5))
    says = [draw.choice(STATUS[kind][0]) for kind in kinds]
    verbs = ("GET", "POST", "PUT", "DELETE")

    def case_of(at: int, d: random.Random) -> str:
        code, path = d.choice(STATUS[kinds[at]][1]), f"/{d.choice(words.STEMS)}/{d.randint(1, 60)}"
        return d.choice(
            (f"{d.choice(verbs)} {path} {code}", f"{path} -> {code}", f"HTTP {code}", f"got {code}")
        )

    return plan_labels(draw, kinds, says, case_of, "a line with an HTTP status", "how did it go?")
