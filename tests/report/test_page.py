# SPDX-License-Identifier: Apache-2.0
"""The page: whole in itself, the same every time, and readable by more than eyes."""

import base64
import gzip
import json
import re
from html.parser import HTMLParser

import pytest
import support
from cortex_m_report import document, page, pictures

_MOST_BYTES = 5_000_000


class _Page(HTMLParser):
    """Elements with their attributes, and the texts of scripts by id."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.scripts = {}
        self._id = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._id = dict(attrs).get("id", "") if tag == "script" else None

    def handle_endtag(self, tag):
        self._id = None

    def handle_data(self, data):
        if self._id is not None:
            self.scripts[self._id] = self.scripts.get(self._id, "") + data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def report():
    made = support.report(support.plan("one"), support.plan("two"))
    document.add_profile(made, support.profile("one", "two"))
    return made


@pytest.fixture(scope="module")
def text(report):
    return page.render(report)


@pytest.fixture(scope="module")
def parsed(text):
    return _Page(text)


def test_needs_nothing_else(parsed):
    for _, attributes in parsed.elements:
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\(|@import", page._HERE.joinpath("page.css").read_text())


def test_forbids_the_browser_to_fetch_anything(parsed):
    (policy,) = (one for one in parsed.all("meta") if "http-equiv" in one)
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert "default-src 'none'" in policy["content"]
    assert "http" not in policy["content"]
    assert "connect-src" not in policy["content"]


def test_same_bytes_every_time(report, text):
    assert page.render(report) == text
    assert page.render(json.loads(json.dumps(report))) == text


def test_is_small_enough_to_send(text):
    assert len(text.encode()) < _MOST_BYTES


def test_libraries_come_out_as_they_went_in(parsed):
    for name, start in [("plotly", b"/**\n* plotly.js v"), ("datatables", b"")]:
        library = gzip.decompress(base64.b64decode(parsed.scripts[f"packed-{name}"]))
        assert library.startswith(start)
        assert len(library) > 100_000


def test_every_picture_has_its_data_and_says_what_it_shows(parsed):
    plots = [one for one in parsed.all("div") if "plot" in one.get("class", "").split()]
    assert [plot["id"] for plot in plots] == ["arena-one-0", "arena-two-0", "treemap"]
    for plot in plots:
        assert plot["role"] == "img"
        assert plot["aria-label"]
        assert json.loads(parsed.scripts[plot["id"] + "-data"])["data"]


def test_ids_are_used_once(parsed):
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_tables_have_captions_and_headings(parsed):
    tables = parsed.all("table")
    assert len(parsed.all("caption")) == len(tables) == 2 * 3 + 4
    assert all(one["scope"] == "col" for one in parsed.all("th"))


def test_shows_instructions_only_when_there_are_some(text):
    assert ">instructions</th>" in text
    assert ">instructions</th>" not in page.render(support.report())


def test_names_are_not_markup():
    plan = support.plan()
    plan["memory"][0]["name"] = "</script><b>x"
    made = page.render(support.report(plan))
    assert "</script><b>" not in made
    assert "&lt;/script&gt;&lt;b&gt;x" in made


def test_banks_have_a_picture_each():
    plan = support.plan()
    plan["arena"]["banks"] = [
        {"region": "DTCM", "bytes": 96, "capacity": 128},
        {"region": "RAM", "bytes": 64, "capacity": None},
    ]
    plan["memory"][0] |= {"bank": 1, "offset": 0}
    made = page.render(support.report(plan))
    assert 'id="arena-m-1"' in made
    assert "DTCM: 96 bytes" in made


def test_without_a_model_there_is_a_page():
    made = document.make(dict(support.HEAD), support.SIZE, support.ITEMS, (), None)
    assert "What is in flash" in page.render(made)


def _arena(plan):
    (model,) = support.report(plan)["models"]
    return json.loads(pictures.arena(model, 0))


def test_rectangles_are_where_the_plan_puts_them():
    bars = {one["name"]: one for one in _arena(support.plan())["data"] if one["type"] == "bar"}
    assert bars["input"]["base"] == [96]
    assert bars["input"]["y"] == [64]
    assert bars["input"]["x"] == [0.5]
    assert bars["shared"]["y"] == [32]
    assert "64 bytes from 96 to 160" in bars["input"]["hovertext"][0]


def test_every_kind_differs_by_more_than_colour():
    looks = [(pattern, meaning) for _, pattern, meaning in pictures.KINDS.values()]
    assert len(set(looks)) == len(looks)
    assert len({dash for dash, _ in pictures.LINES.values()}) == len(pictures.LINES)


def test_a_name_stands_where_nothing_covers_it():
    names = next(one for one in _arena(support.plan())["data"] if one["name"] == "names")
    at = names["text"].index("conv")
    assert names["x"][at] == 1  # the first step: in the second it is written over
