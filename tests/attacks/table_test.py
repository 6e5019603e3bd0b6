#!/usr/bin/env python3
"""Holds the table of docs/security.md against the tests: every test that it names exists, and every test that is named
after an attack stands in it. usage: table_test.py SOURCE-FOLDER [--accept]

--accept rewrites the last column of the rows that are there and fails, so that accepting never counts as passing.
"""
import os
import re
import sys

ROW = re.compile(r"^\| ([A-Z]\d+) \|(.*)\|$")
CPP = re.compile(r"^\s*TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
PYTHON = re.compile(r"^    def (test_\w+)\(self", re.MULTILINE)
ATTACK = re.compile(r"(?:test_)?([A-Z]\d+)_")


def tests_of(root):
    """Every test there is: "Suite.Name" of GoogleTest, "file.py:test_name" of Python."""
    found = set()
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith("_test.cc"):
                with open(path, encoding="utf-8") as f:
                    found.update(f"{suite}.{test}" for suite, test in CPP.findall(f.read()))
            elif name.endswith("_test.py"):
                with open(path, encoding="utf-8") as f:
                    found.update(f"{name}:{test}" for test in PYTHON.findall(f.read()))
    return found


def table_of(path):
    """Row -> the tests that the table names in code quotes."""
    table = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            row = ROW.match(line.rstrip("\n"))
            if row:
                table.setdefault(row[1], []).extend(re.findall(r"`([^`]+)`", row[2].split("|")[-1]))
    return table


def attacks_in(tests):
    """Row -> the tests that are named after it."""
    rows = {}
    for name in sorted(tests):
        attack = ATTACK.match(name.split(":")[-1].split(".")[-1])
        if attack:
            rows.setdefault(attack[1], []).append(name)
    return rows


def problems_of(table, there):
    found = [f"row {row} names no test" for row, names in table.items() if not names]
    found += [f"row {row}: there is no test {name}" for row, names in table.items() for name in names if name not in there]
    for row, names in attacks_in(there).items():
        found += [f"row {row} lacks {name}" for name in names if name not in table.get(row, [])]
    return found if table and there else found + ["nothing was compared"]


def accept(path, rows):
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for i, line in enumerate(lines):
        row = ROW.match(line)
        if row and row[1] in rows:
            words = row[2].split("|")[0]
            lines[i] = f"| {row[1]} |{words}| " + ", ".join(f"`{name}`" for name in rows[row[1]]) + " |"
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


def main():
    root = sys.argv[1]
    path = os.path.join(root, "docs/security.md")
    there = tests_of(os.path.join(root, "src")) | tests_of(os.path.join(root, "tests"))
    if "--accept" in sys.argv:
        accept(path, attacks_in(there))
        print("accepted; look at the difference, and run without --accept")
        return 1
    table = table_of(path)
    problems = problems_of(table, there)
    for problem in problems:
        print(f"docs/security.md: {problem}")
    print(f"{len(table)} rows, {sum(map(len, table.values()))} tests named, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
