# SPDX-License-Identifier: Apache-2.0
"""Pages of the reference, from what Bazel extracted of each .bzl file."""

from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import jinja2

from cortex_m_docs.textproto import Message, parse


def reference(files: list[str], repository: str) -> str:
    """The whole document. `files` are texts of starlark_doc_extract, a section each."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    template = environment.get_template("reference.md.jinja")
    return template.render(modules=[module(parse(text)) for text in files], repository=repository)


@dataclass(frozen=True)
class Symbol:
    """Something public. Rules and functions have arguments, providers fields, extensions tags."""

    kind: str
    name: str
    doc: str
    returns: str = ""
    arguments: list[dict[str, str]] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    tags: list["Symbol"] = field(default_factory=list)


def module(info: Message) -> dict[str, Any]:
    """One .bzl file: its symbols by name, providers last."""
    symbols = [
        *map(rule_symbol, info["rule_info"]),
        *map(function_symbol, info["func_info"]),
        *map(extension_symbol, info["module_extension_info"]),
    ]
    providers = map(provider_symbol, info["provider_info"])
    by_name = attrgetter("name")
    return {
        "file": info.text("file"),
        "doc": info.text("module_docstring"),
        "symbols": sorted(symbols, key=by_name) + sorted(providers, key=by_name),
    }


def rule_symbol(info: Message) -> Symbol:
    name = info.text("rule_name")
    arguments = [argument(one, name) for one in info["attribute"]]
    return Symbol("rule", name, documented(info, name), arguments=arguments)


def function_symbol(info: Message) -> Symbol:
    """A function; a macro, if it makes a target of the name it is given."""
    name = info.text("function_name")
    arguments = [argument(one, name) for one in info["parameter"]]
    kind = "macro" if any(one["name"] == "name" for one in arguments) else "function"
    returns = "".join(one.text("doc_string") for one in info["return"])
    return Symbol(kind, name, documented(info, name), returns, arguments)


def extension_symbol(info: Message) -> Symbol:
    name = info.text("extension_name")
    tags = [tag_symbol(one, name) for one in info["tag_class"]]
    return Symbol("module extension", name, documented(info, name), tags=tags)


def tag_symbol(info: Message, extension: str) -> Symbol:
    name = f"{extension}.{info.text('tag_name')}"
    arguments = [argument(one, name) for one in info["attribute"]]
    return Symbol("tag", name, documented(info, name), arguments=arguments)


def provider_symbol(info: Message) -> Symbol:
    name = info.text("provider_name")
    fields = [
        {"name": one.text("name"), "doc": documented(one, f"{name}.{one.text('name')}")}
        for one in info["field_info"]
    ]
    return Symbol("provider", name, documented(info, name), fields=fields)


def argument(info: Message, owner: str) -> dict[str, str]:
    """A parameter of a function or an attribute of a rule."""
    name = info.text("name")
    default = "required" if info.flag("mandatory") else info.text("default_value")
    return {
        # Bazel 7 does not say it: what has neither a default nor to be given are all others.
        "name": name if default else f"**{name}",
        "doc": documented(info, f"{owner}.{name}"),
        "type": info.text("type").lower().replace("_", " "),
        "default": default,
    }


def documented(info: Message, name: str) -> str:
    """The docstring of something public, which is not allowed to be missing."""
    text = info.text("doc_string").strip()
    if not text:
        raise ValueError(f"{name} has no documentation: it is public, so say what it is")
    return text


def cell(text: str) -> str:
    """Text for a cell of a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())
