# SPDX-License-Identifier: Apache-2.0
"""Reads what Bazel's starlark_doc_extract writes as text: messages as dicts, without a schema.

protobuf's tokenizer reads. Bazel ships no schema (stardoc_output.proto) that Python could load.
"""

from collections import defaultdict
from typing import Any

from google.protobuf.text_format import Tokenizer


class Message(defaultdict):
    """Field name to the list of its values, which are strings or messages."""

    def __init__(self) -> None:
        super().__init__(list)

    def text(self, field: str) -> str:
        """A string field; empty if it is not set."""
        return self[field][0] if field in self else ""

    def flag(self, field: str) -> bool:
        """A bool field; False if it is not set."""
        return self.text(field) == "true"


def parse(text: str) -> Message:
    """The message of a whole file."""
    return _message(Tokenizer(text.splitlines()), closing=None)


def _message(tokens: Tokenizer, closing: str | None) -> Message:
    message = Message()
    while not (tokens.AtEnd() if closing is None else tokens.TryConsume(closing)):
        field = tokens.ConsumeIdentifier()
        if tokens.TryConsume("{"):
            message[field].append(_message(tokens, closing="}"))
        else:
            tokens.Consume(":")
            message[field].append(_scalar(tokens))
    return message


def _scalar(tokens: Tokenizer) -> Any:
    if tokens.token[0] in "\"'":
        return tokens.ConsumeString()
    word = tokens.token
    tokens.NextToken()
    return word
