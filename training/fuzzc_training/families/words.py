"""Vocabulary of the generators: people, places, things, machines."""

import random


def split(text: str) -> list[str]:
    """Words of a text, so that long lists stay readable."""
    return text.split()


GIVEN = split(
    """Amara Yusuf Ingrid Mateo Linh Priya Kwame Sofia Hiroshi Fatima Olu Elena Tariq Noor Jakub
    Wanjiru Sione Leilani Arjun Mei Dmitri Chiara Thabo Aisha Pekka Zeynep Rafael Ngozi Tomas Yara
    Bao Siobhan Kofi Marta Emre Anika Luca Hana Diego Freya Omar Ioana Tendai Sven Nadia Ravi
    Camille Joao Halima Petra Anton Mirela Desta Kenji Rosa Ibrahim Greta Pablo Sana Viktor Lupe
    Aroha"""
)
FAMILY = split(
    """Okafor Nguyen Lindqvist Haddad Kowalski Tanaka Mbeki Fernandez Rossi Kaya Patel Novak Silva
    Osei Petrov Moreau Jansen Achebe Castillo Sato Khan Larsen Dube Horvath Mendes Yilmaz Ferreira
    Ito Bauer Popescu Mwangi Olsen Rahman Weber Santos Keita Dimitrov Costa Nakamura Adeyemi Berg
    Chowdhury Vargas Kim Ndiaye Schmidt Park Torres Laine Hassan Ruiz Takahashi Brandt Sharma Tui
    Abebe"""
)
CITIES = split(
    """Lisbon Nairobi Osaka Bergen Quito Hanoi Porto Lagos Izmir Tampere Lima Accra Graz Dakar Pune
    Leeds Turin Bogota Malmo Basel Cebu Gdansk Medina Cusco Galway Bremen Tunis Zagreb Utrecht
    Riga Kyoto Varna Adelaide Durban Salta Tbilisi Cork Lyon Split Aarhus Bilbao Perth Tallinn
    Nantes Busan Leon Winnipeg Kigali Chennai Siena"""
)
COLOURS = ["red", "blue", "green", "black", "white", "grey", "yellow", "brown", "orange", "purple"]
ADJECTIVES = split("""small large wooden cotton steel folding used soft heavy cheap round plain""")
ITEMS = split(
    """lamp|lamps mug|mugs chair|chairs kettle|kettles notebook|notebooks
    towel|towels pillow|pillows bag|bags rug|rugs candle|candles plate|plates
    basket|baskets tent|tents helmet|helmets
    blanket|blankets mirror|mirrors drill|drills printer|printers shelf|shelves vase|vases
    bottle|bottles ladder|ladders scarf|scarves clock|clocks jacket|jackets cable|cables
    keyboard|keyboards monitor|monitors desk|desks bucket|buckets spoon|spoons pan|pans
    speaker|speakers stool|stools"""
)
SINGULAR = [item.split("|")[0] for item in ITEMS]
PLURAL = [item.split("|")[1] for item in ITEMS]
MONTHS = split(
    """January February March April May June July August September October November December"""
)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
ROLES = split(
    """web db cache app mail srv node edge api auth build proxy worker queue store search batch gw
    files media stage prod backup"""
)
PROGRAMS = split(
    """nginx postgres docker systemd kernel postfix rsyslog haproxy dovecot apache mongod kubelet
    grafana jenkins varnish influxd consul traefik elasticsearch rabbitmq mariadb fail2ban
    prometheus sendmail memcached containerd squid vault"""
)
SERVICES = split(
    """orders billing search checkout invoices catalog payments gateway sessions reports notifier
    inventory shipping profile importer scheduler mailer uploads pricing ledger"""
)
DOMAINS = split("""example.com example.org example.net shop.example mail.example dev.example""")
FOLDERS = split("""src lib app tools core server web packages internal api pages utils jobs""")
STEMS = split(
    """parser config index router client session worker user order cart login cache queue date
    format upload report schema token search button layout store payment invoice"""
)
EXTENSIONS = split("""py ts js go rs java rb c cpp php tsx kt swift vue cs""")


def name(draw: random.Random) -> str:
    return f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"


def email(draw: random.Random) -> str:
    first, last = draw.choice(GIVEN).lower(), draw.choice(FAMILY).lower()
    local = draw.choice((f"{first}.{last}", f"{first[0]}{last}", first, f"{first}_{last}"))
    return f"{local}@{draw.choice(DOMAINS)}"


def host(draw: random.Random) -> str:
    return f"{draw.choice(ROLES)}-{draw.randint(1, 24)}"


def ip(draw: random.Random) -> str:
    head = draw.choice(("10.0", "192.168", "172.16", "10.4", "203.0"))
    return f"{head}.{draw.randint(0, 255)}.{draw.randint(1, 254)}"


def path(draw: random.Random) -> str:
    parts = draw.sample(FOLDERS, draw.randint(0, 2))
    return "/".join([*parts, f"{draw.choice(STEMS)}.{draw.choice(EXTENSIONS)}"])


def thing(draw: random.Random, plural: bool = False) -> str:
    """An item, often with an adjective: "blue mug", "steel shelves"."""
    noun = draw.choice(PLURAL if plural else SINGULAR)
    return f"{draw.choice(COLOURS + ADJECTIVES)} {noun}" if draw.random() < 0.6 else noun


def amount(draw: random.Random) -> str:
    cents = draw.choice(("00", "50", "99", "95", f"{draw.randint(0, 99):02}"))
    return f"{draw.choice((draw.randint(1, 99), draw.randint(100, 2500)))}.{cents}"
