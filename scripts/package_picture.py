"""Draw the packages of `src/elistit` with their imports, and write the image into docs/architecture.md.

`python scripts/package_picture.py` writes it; `--check` changes nothing and exits 1 when the image is out of date or any
modules import each other in a circle. Read from the import graph that import-linter uses, so the image can't flatter.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- packages: begin -->", "<!-- packages: end -->"
PACKAGE = "elistit"


def layers() -> list[list[str]]:
    """The layers of the import contract, highest first; each is the packages that share it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layered] = [c for c in contracts if c["type"] == "layers"]
    return [[name.strip() for name in layer.split("|")] for layer in layered["layers"]]


def package_imports(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """Which package imports which, by their names below `elistit`."""
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        if module == PACKAGE:
            continue
        importer = module.split(".")[1]
        found.setdefault(importer, set())
        for imported in graph.find_modules_directly_imported_by(module):
            target = imported.split(".")
            if len(target) > 1 and target[1] != importer:
                found[importer].add(target[1])
    return found


def module_imports(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    return {m: set(graph.find_modules_directly_imported_by(m)) for m in graph.modules}


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """The groups of two or more that import each other, directly or not (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for root in sorted(imports):
        if root in index:
            continue
        work = [(root, iter(sorted(imports[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in imports:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    work.append((target, iter(sorted(imports[target]))))
                    break
                if target in stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = stack[stack.index(node) :]
                    del stack[stack.index(node) :]
                    if len(group) > 1:
                        found.append(sorted(group))
    return sorted(found)


def essential(imports: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The arrows without those that follow from others: what is left says the same order with the fewest lines."""
    reach: dict[str, set[str]] = {}

    def below(name: str) -> set[str]:
        if name not in reach:
            reach[name] = set()
            for target in imports.get(name, ()):
                reach[name] |= {target} | below(target)
        return reach[name]

    return sorted(
        (importer, target)
        for importer, targets in imports.items()
        for target in targets
        if not any(target in below(other) for other in targets - {target})
    )


def picture(graph: grimp.ImportGraph) -> str:
    order = layers()
    known = {name for layer in order for name in layer}
    imports = {k: v & known for k, v in package_imports(graph).items() if k in known}
    lines = ["```mermaid", "flowchart TB"]
    for number, layer in enumerate(order):
        lines.append(f"  subgraph L{number}[ ]")
        lines += [f"    {name}" for name in layer]
        lines.append("  end")
    lines += [f"  {importer} --> {target}" for importer, target in essential(imports)]
    arrows = sum(len(v) for v in imports.values())
    sentence = (
        f"{len(known)} packages, {arrows} imports between them, all pointing down; arrows that follow from others are left out. "
        f"Circles between packages: {len(circles(imports))}; between modules: {len(circles(module_imports(graph)))}."
    )
    return "\n".join([*lines, "```", "", sentence])


def page_with(text: str, drawn: str) -> str:
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{drawn}\n{END}{rest.split(END)[1]}"


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT / "src"))
    graph = grimp.build_graph(PACKAGE)
    wrong = circles(module_imports(graph))
    for group in wrong:
        print("circle:", " ↔ ".join(group))
    text = PAGE.read_text()
    new = page_with(text, picture(graph))
    if "--check" in arguments:
        if new != text:
            print("docs/architecture.md is out of date; run python scripts/package_picture.py")
        return int(bool(wrong) or new != text)
    PAGE.write_text(new)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
