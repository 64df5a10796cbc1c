# SPDX-License-Identifier: Apache-2.0
"""NAME.report.html: one file that needs nothing else, and that no browser may fetch more for.

The libraries travel compressed inside it; without JavaScript the tables are there, unsorted.
"""

import base64
import gzip
import importlib.util
from pathlib import Path
from typing import Any

import jinja2

from cortex_m_report import pictures, tables
from cortex_m_report.errors import ReportError

_HERE = Path(__file__).parent

# Where packages carry what a page needs. They are not imported: itables is made for notebooks.
_LIBRARIES = {
    "plotly": ("plotly", "package_data/plotly.min.js"),
    "datatables": ("itables", "html/dt_bundle.js"),
    "datatables-style": ("itables", "html/dt_bundle.css"),
}


def render(report: dict[str, Any]) -> str:
    """The page; the same report gives the same bytes."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["thousands"] = lambda number: f"{round(number):,}"
    return environment.get_template("page.html").render(
        report=report,
        models=[_model(model) for model in report["models"]],
        flash_picture=pictures.flash(report),
        flash_tables=[tables.flash_groups(report), tables.flash_symbols(report)],
        ram_table=tables.ram(report),
        stack_table=tables.stack(report),
        libraries={name: _packed(*place) for name, place in _LIBRARIES.items()},
        style=(_HERE / "page.css").read_text("utf-8"),
        script=(_HERE / "page.js").read_text("utf-8"),
    )


def _model(model: dict[str, Any]) -> dict[str, Any]:
    arena = model["arena"]
    several = len(arena["banks"]) > 1
    labels = {one["moment"]: one["label"] for one in model["moments"]}
    peak = labels.get(arena["peak"]["moment"], "")
    used = [box["kind"] for box in model["boxes"]]
    return {
        **model,
        "peak_label": peak,
        "pictures": [
            {
                "id": f"arena-{model['name']}-{at}",
                "bank": bank,
                "data": pictures.arena(model, at),
                "text": (
                    f"Arena of {model['name']} over time: {bank['bytes']:,} bytes, "
                    f"{len(model['boxes'])} tensors and scratch buffers, peak at step {peak}. "
                    "The tables below have every figure."
                ),
            }
            for at, bank in enumerate(arena["banks"])
            if bank["bytes"]
        ],
        "kinds": [
            {"name": name, "meaning": meaning}
            for name, (_, _, meaning) in pictures.KINDS.items()
            if name in used or (name == pictures.SHARED and model["shared"])
        ],
        "lines": [
            {"dash": dash, "meaning": meaning, "bytes": arena[name]}
            for name, (dash, meaning) in pictures.LINES.items()
            if arena[name] is not None and not (several and name != "bytes")
        ],
        "peak_table": tables.memory(model, peak=True),
        "further_tables": [tables.steps(model), tables.memory(model)],
    }


def _packed(package: str, path: str) -> str:
    """A package's file, compressed, as base64."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    if not places:
        raise ReportError(f"the package {package} is not there: the page is made with it")
    data = Path(places[0], path).read_bytes()
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")
