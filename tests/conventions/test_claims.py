"""Every proof named in docs/claims exists, and none of them is skipped."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "claims").glob("*.md"))
NAMED = re.compile(r"tests/[\w/.-]+\.py(?:::\w+)?")
SKIPS = re.compile(r"mark\.(skip|skipif|xfail)|importorskip|pytest\.skip\(|SkipTest")


def proofs() -> list[tuple[str, str]]:
    return [
        (f"{page.name}:{n}", proof)
        for page in PAGES
        for n, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        for proof in NAMED.findall(line)
        if "/" in proof
    ]


def test_there_are_claims() -> None:
    assert PAGES
    assert proofs()


@pytest.mark.parametrize(("where", "proof"), proofs())
def test_a_named_proof_exists_and_is_not_skipped(where: str, proof: str) -> None:
    path, _, name = proof.partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert not SKIPS.search(source) or path == "tests/conventions/test_claims.py", where
    if name:
        known = {
            node.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert name in known, where


def test_a_closed_claim_names_its_proof() -> None:
    for page in PAGES:
        for n, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            if line.lstrip().startswith("- [x]"):
                assert NAMED.search(line) or "`" in line, f"{page.name}:{n} names no proof"
