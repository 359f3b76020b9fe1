"""Versions of programs: their spelling, and the next one."""

import random

from .family import Case, Plan, family, make_plan


@family("version-form", "normalise", "text")
def version_form(draw: random.Random) -> Plan:
    form, sample = draw.choice(
        (
            ("{a}.{b}.{c}", "1.4.2"),
            ("v{a}.{b}.{c}", "v1.4.2"),
            ("{a}.{b}", "1.4 (two parts)"),
            ("{a}.{b}.x", "1.4.x"),
            ("release-{a}.{b}.{c}", "release-1.4.2"),
            ("{a}", "1 (the first part alone)"),
            ("^{a}.{b}.{c}", "^1.4.2"),
            ("{a}_{b}_{c}", "1_4_2"),
            ("{a}.{b}.0", "1.4.0 (the last part always 0)"),
        )
    )

    def case(d: random.Random) -> Case:
        a, b, c = d.randint(0, 12), d.randint(0, 30), d.randint(0, 20)
        given = d.choice(
            (
                f"v{a}.{b}.{c}",
                f"{a}.{b}.{c}",
                f"version {a}.{b}.{c}",
                f"Release {a}.{b}.{c}",
                f"{a}.{b}.{c}-beta",
                f"={a}.{b}.{c}",
                f"{a}-{b}-{c}",
                f"{a}.{b}.{c} (stable)",
                f"~{a}.{b}.{c}",
                f"app {a}.{b}.{c} of {d.randint(2019, 2026)}",
            )
        )
        return given, form.format(a=a, b=b, c=c)

    return make_plan(
        draw,
        case,
        given=("a version in any spelling", "the version of a program as written somewhere"),
        goal=f"write the version like {sample}",
        result=f"the version like {sample}",
        rules=[("words, signs and suffixes go away", "no beta, no brackets, no words")],
    )


@family("version-next", "transform", "text")
def version_next(draw: random.Random) -> Plan:
    """The next version by the kind of change; the spec says which words mean what."""
    kinds = draw.choice(
        (("breaking", "feature", "fix"), ("major", "minor", "patch"), ("big", "medium", "small"))
    )
    prefix, suffix = (
        draw.choice(("", "v", "app-", "r")),
        draw.choice(("", "", "-rc1", ".0", "+dev")),
    )

    def case(d: random.Random) -> Case:
        parts = [d.randint(0, 8), d.randint(0, 8), d.randint(0, 8)]
        at = d.randrange(3)
        given = ".".join(map(str, parts))
        after = [*parts[:at], parts[at] + 1, *[0] * (2 - at)]
        frame = d.choice(("{v} {k}", "{k}: {v}", "{v}, {k} change", "{k} change after {v}"))
        return frame.format(v=given, k=kinds[at]), prefix + ".".join(map(str, after)) + suffix

    return make_plan(
        draw,
        case,
        given=("a version and the kind of change", "the last version with what has changed"),
        goal=(
            f"tell the next version, written like {prefix}1.2.3{suffix}",
            f"raise the version; the answer looks like {prefix}1.2.3{suffix}",
        ),
        result=f"the next version, like {prefix}1.2.3{suffix}",
        rules=[
            f"{kinds[0]} raises the first number and sets the others to 0",
            f"{kinds[1]} raises the second and sets the third to 0",
            f"{kinds[2]} raises the third",
        ],
        ordered=True,
    )
