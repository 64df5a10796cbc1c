# SPDX-License-Identifier: Apache-2.0
"""The reference, from hand-made texts of starlark_doc_extract."""

import pytest
from cortex_m_docs.reference import reference
from cortex_m_docs.textproto import parse

TEXT = r"""
module_docstring: "What users\nload."
file: "//rules:defs.bzl"
func_info {
  function_name: "thing"
  parameter { name: "name" doc_string: "its name." mandatory: true }
  parameter { name: "size" doc_string: "a | b,\n  or c." default_value: "\"b\"" }
  parameter { name: "kwargs" doc_string: "the rest." }
  doc_string: "Makes a thing.\n\nExample:\n  x\n"
  return { doc_string: "nothing." }
}
rule_info {
  rule_name: "part"
  doc_string: "A part."
  attribute { name: "deps" doc_string: "Others." type: LABEL_LIST default_value: "[]" }
}
provider_info {
  provider_name: "AnInfo"
  doc_string: "What a part is."
  field_info { name: "file" doc_string: "File: it." }
}
module_extension_info {
  extension_name: "things"
  doc_string: "Makes @thing."
  tag_class {
    tag_name: "make"
    doc_string: "One more."
    attribute { name: "count" doc_string: "How many." type: INT mandatory: true }
  }
}
"""


def test_reads_repeated_fields_nested_messages_and_escapes():
    message = parse('a: "x\\"y" a: \'z\' b { c: 1 d: true } b { }')
    assert message["a"] == ['x"y', "z"]
    assert [dict(one) for one in message["b"]] == [{"c": ["1"], "d": ["true"]}, {}]
    assert message["b"][0].flag("d")
    assert message.text("missing") == ""


def test_a_macro_has_its_load_and_a_table():
    text = reference([TEXT], "@mine")
    assert 'load("@mine//rules:defs.bzl", "thing")' in text
    assert "Macro. Makes a thing.\n\nExample:\n  x\n\nReturns: nothing.\n\n| argument |" in text
    assert "| `name` | required | its name. |\n" in text
    assert '| `size` | `"b"` | a \\| b, or c. |\n' in text
    assert "| `**kwargs` | | the rest. |\n" in text


def test_rules_providers_and_extensions():
    text = reference([TEXT], "@mine")
    assert "| attribute | type | default | |\n|---|---|---|---|\n" in text
    assert "| `deps` | label list | `[]` | Others. |\n" in text
    assert "Provider. What a part is.\n\n| field | |\n|---|---|\n| `file` | File: it. |\n" in text
    assert 'things = use_extension("@mine//rules:defs.bzl", "things")' in text
    assert "`things.make(...)`: One more.\n" in text
    assert "| `count` | int | required | How many. |\n" in text


def test_sections_are_linked_in_order():
    text = reference([TEXT, TEXT.replace("//rules:defs", "//other:x")], "@mine")
    assert text.index("(#rulesdefsbzl)") < text.index("(#otherxbzl)")
    assert text.index("## //rules:defs.bzl") < text.index("## //other:x.bzl")
    assert "[part](#part),\n  [thing](#thing),\n" in text


def test_what_is_public_has_to_be_documented():
    with pytest.raises(ValueError, match=r"thing\.size has no documentation"):
        reference([TEXT.replace('"a | b,\\n  or c."', '""')], "@mine")
