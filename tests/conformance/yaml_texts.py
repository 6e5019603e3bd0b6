"""Random YAML as it stands inside of ConfigMaps: every style of scalar and collection, comments above entries and behind values."""

import random

SCALARS = ["1", "a", '"q"', "'s'", "true", '"a: b"', "yes", "1.5", "~", "a b", "http://x:80/y", '"é"', "x#y", '"1"', "'it''s'", "0x1F", "-1",
           "[]", "{}", '"tab\\tx"', "host:80", "w.x.y"]
KEYS = ["k1", "k2", '"k3"', "k-4", "'k5'", "k6"]
DEEPEST = 3


class Text:
    """The text is a function of the seed alone. Its first key is `target`, whose value is a scalar."""

    def __init__(self, seed, comments=0.2):
        self.r = random.Random(seed)
        self.comments = comments
        self.lines = []
        if self.chance(0.3):
            self.lines += ["# top"] + ([""] if self.chance(0.5) else [])
        self.lines.append("target: " + self.r.choice(["old", '"old"', "'x'", "5"]) + self.behind())
        self.map(0, 0, self.r.choice([2, 2, 4]))

    def __str__(self):
        return "\n".join(self.lines) + "\n"

    def chance(self, p):
        return self.r.random() < p

    def above(self, indent):
        if self.chance(self.comments / 2):
            self.lines.append("")
        if self.chance(self.comments):
            self.lines += [" " * indent + "# " + self.r.choice(["note", "x: y", "it's"]) for _ in range(self.r.randint(1, 2))]

    def behind(self):
        return "  # " + self.r.choice(["behind", "b # c"]) if self.chance(self.comments / 2) else ""

    def flow(self, depth):
        if depth > 1 or self.chance(0.5):
            return self.r.choice(SCALARS)
        if self.chance(0.5):
            return "[" + ", ".join(self.flow(depth + 1) for _ in range(self.r.randint(0, 3))) + "]"
        return "{" + ", ".join(f"{k}: {self.flow(depth + 1)}" for k in self.r.sample(["a", "b", '"c"', "d-e"], self.r.randint(0, 3))) + "}"

    def value(self, indent, depth, step):
        """Goes on behind a key."""
        how = self.r.random()
        if depth < DEEPEST and how < 0.25:
            self.lines[-1] += self.behind()
            self.map(indent + step, depth + 1, step)
        elif depth < DEEPEST and how < 0.4:
            self.list(indent + self.r.choice([0, step]), depth + 1, step)
        elif how < 0.5:
            self.lines[-1] += " " + self.flow(0) + self.behind()
        elif how < 0.58:
            self.lines[-1] += " " + self.r.choice(["|", "|-", ">", ">-"])
            self.lines += [" " * (indent + step) + self.r.choice(["line", "two words", "# no comment"]) for _ in range(self.r.randint(1, 3))]
        else:
            self.lines[-1] += " " + self.r.choice(SCALARS) + self.behind()

    def map(self, indent, depth, step, goes_on=False):
        for key in self.r.sample(KEYS, self.r.randint(1, 3)):
            if not goes_on:
                self.above(indent)
                self.lines.append(" " * indent)
            goes_on = False
            self.lines[-1] += key + ":"
            self.value(indent, depth, step)

    def list(self, indent, depth, step):
        for _ in range(self.r.randint(1, 3)):
            self.above(indent)
            self.lines.append(" " * indent + "- ")
            if self.chance(0.5):
                self.map(indent + 2, depth + 1, step, goes_on=True)
            else:
                self.lines[-1] += self.r.choice(SCALARS) + self.behind()
