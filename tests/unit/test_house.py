"""The house keeps its order: tests mirror modules, imports stay light, files stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wunderkammer
from wunderkammer.engines import ENGINES

SOURCE = Path(wunderkammer.__file__).parent
UNIT = Path(__file__).parent

TESTED_ELSEWHERE = {
    "core/engine.py": "a protocol; engines/ are tested",
    "core/home.py": "a protocol; storage/home.py is tested",
    "core/publishing.py": "a protocol; atlas/site.py is tested",
    "core/published.py": "tests/integration/test_sites_verified.py: sites that wk publish wrote",
    "core/progress.py": "a protocol; core/run.py tells it",
    "atlas/schemas.py": "models without code; tests/web holds the server to them",
    "atlas/card_schemas.py": "models without code; tests/web holds the server to them",
    "atlas/page_schemas.py": "models without code; tests/web holds the server to them",
    "atlas/alike_schemas.py": "models without code; stages/photograph.py writes them",
    "atlas/block_schemas.py": "a model without code; atlas/blocks.py writes it",
    "atlas/record_schemas.py": "models without code; atlas/records.py writes them",
    "atlas/mark_schemas.py": "models without code; atlas/planes.py writes them",
    "atlas/paths.py": "names without code but one, whose example is run as a doctest",
    "atlas/site.py": "tests/web: what is served is what is published",
    "web/app.py": "tests/web",
    "web/server.py": "tests/web",
    "web/connections.py": "tests/web: clients that are slow, and too many",
    "web/curator.py": "tests/web: what the review's server answers and writes",
    "web/desk.py": "tests/web: what the sorting's server answers and writes",
    "web/described.py": "tests/web: every route is described, and answers as it says",
    "web/entrance.py": "tests/web: names, tokens and cookies",
    "web/files.py": "tests/web: files whole, by range and compressed",
    "web/guarded_atlas.py": "tests/web: what a curator's page may do, and what a plain one knows",
    "web/guards.py": "tests/web: requests that are refused",
    "web/kept.py": "tests/web: pictures are kept up to a bound",
    "web/labels.py": "tests/web: what a judgement of a label states, and how it is undone",
    "web/likeness.py": "tests/web: what is like a photograph, and that nothing of it is kept",
    "web/memory.py": "tests/web: photographs that take too much memory",
    "web/naming.py": "tests/web: names that are offered, and what they belong to",
    "web/pages.py": "tests/web: the page, its guard, and problems in words",
    "web/photograph.py": "tests/web: photographs that are taken and that are refused",
    "web/photograph_process.py": "tests/web: what ends with a server, and what a bad image costs",
    "web/pictures.py": "tests/web: pictures as they are answered",
    "web/problems.py": "tests/web: every refusal is a problem in words",
    "web/queue.py": "tests/web: orders and parts of the queue",
    "web/ranges.py": "tests/web: ranges that are turned round, huge or several",
    "web/review.py": "tests/web",
    "web/round_process.py": "tests/web: rounds beside the labelling, and what dies with a server",
    "web/rows.py": "tests/web: what is told of each medium",
    "web/schemas.py": "models without code; tests/web holds the server to them",
    "web/shield.py": "tests/web: headers of every answer, long requests, faults",
    "web/sorting.py": "tests/web",
    "web/sorting_files.py": "tests/web: labels that are taken home and brought back",
    "web/sorting_schemas.py": "models without code; tests/web holds the server to them",
    "web/sorting_telling.py": "tests/web: what is told of tasks, queues and rounds",
    "web/suspects.py": "tests/web: which labels are asked about, and what was said of them",
    "web/telling.py": "tests/web: what is told of each medium",
}


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not path.name.startswith("_"):
            yield name


def test_every_module_has_its_test_and_every_test_its_module():
    wanted = {
        name.rpartition("/")[0] + "/test_" + name.rpartition("/")[2]
        for name in modules()
        if name not in TESTED_ELSEWHERE and not name.startswith(("cli/", "testing/"))
    }
    found = {path.relative_to(UNIT).as_posix() for path in UNIT.rglob("test_*.py")}
    assert wanted - found == set()
    strangers = {
        name
        for name in found - wanted - {"test_house.py"}
        if not name.startswith(("cli/", "testing/"))
        and not (SOURCE / name.replace("test_", "_", 1)).exists()
        and not (SOURCE / name.replace("test_", "", 1)).exists()
    }
    assert strangers == set()
    assert set(TESTED_ELSEWHERE) <= set(modules())


@pytest.mark.parametrize(
    "code",
    [
        "import wunderkammer",
        "import sys, wunderkammer.cli\nsys.argv = ['wk', '--help']\n"  # noqa: ISC004 - one program
        "try:\n    wunderkammer.cli.main()\nexcept SystemExit:\n    pass",
    ],
)
def test_help_and_import_load_nothing_heavy(code):
    heavy = "{'torch', 'numba', 'matplotlib', 'numpy', 'pyarrow', 'duckdb', 'pydantic', 'cv2'}"
    check = f"{code}\nimport sys\nprint(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_stages_and_plugins_are_described_without_loading_a_network():
    code = (
        "import sys\n"
        "from wunderkammer.stages import STAGES\n"
        "from wunderkammer import sources, encoders, projections, layouts\n"
        "for family in (sources, encoders, projections, layouts): family.registry.names()\n"
        "print(sorted({'torch', 'numba', 'sklearn', 'openTSNE'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", list(modules()))
def test_files_and_functions_stay_small(name):
    text = (SOURCE / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            doc = 0
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                doc = first.end_lineno - first.lineno + 1
            assert node.end_lineno - node.lineno + 1 - doc <= 45, node.name


@pytest.mark.parametrize("kind", ENGINES)
def test_an_engine_is_a_short_file(kind):
    """Submit, and futures that are done: what needs more than that is not its matter."""
    text = (SOURCE / "engines" / f"{kind}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100


def test_every_lower_bound_has_its_reason():
    import tomllib

    lines = (SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("dependencies = [")
    bounds = lines[start + 1 : lines.index("]", start)]
    assert tomllib.loads("\n".join(lines))["project"]["dependencies"]
    assert [line for line in bounds if "#" not in line] == []
