#!/usr/bin/env python3
"""Checks every #include under src/ against tools/layers/layers.txt, or draws the house (--draw)."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
# Tests may also use these helpers, which live outside the house.
TEST_ONLY = ("tests/support/",)


def read_table():
    table = {}
    for line in (ROOT / "tools/layers/layers.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            table[words[0]] = (int(words[1]), words[2:])
    return table


def table_errors(table):
    for name, (floor, allowed) in table.items():
        for other in allowed:
            if other not in table:
                yield f"layers.txt: {name} names {other}, which has no row"
            elif table[other][0] >= floor:
                yield f"layers.txt: {name} (floor {floor}) may not include {other} (floor {table[other][0]})"


def module_of(path, table):
    parts = path.split("/")
    for depth in (2, 1):
        name = "/".join(parts[:depth])
        if name in table and len(parts) > depth:
            return name
    return None


def include_errors(table):
    seen = 0
    for file in sorted((ROOT / "src").rglob("*")):
        if file.suffix not in (".h", ".cc"):
            continue
        relative = str(file.relative_to(ROOT / "src"))
        module = module_of(relative, table)
        if module is None:
            yield f"src/{relative}: no row in layers.txt for this folder"
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            seen += 1
            target = match.group(1)
            if relative.endswith("_test.cc") and target.startswith(TEST_ONLY):
                continue
            other = module_of(target, table)
            if other is None:
                yield f'src/{relative}:{number}: "{target}" belongs to no module'
            elif other != module and other not in table[module][1]:
                yield f'src/{relative}:{number}: {module} may not include {other} ("{target}")'
    if seen == 0:
        yield "src/: no include was found; the check looked at nothing"


def draw(table):
    for floor in sorted({f for f, _ in table.values()}, reverse=True):
        names = [n for n, (f, _) in table.items() if f == floor]
        print(f"  {floor:>2} | " + "   ".join(names))


def main():
    table = read_table()
    if sys.argv[1:] == ["--draw"]:
        draw(table)
        return 0
    errors = list(table_errors(table)) + list(include_errors(table))
    print("\n".join(errors) if errors else f"layers: {len(table)} modules, every include is allowed")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
