# SPDX-License-Identifier: Apache-2.0
"""A remote cache that is out of order.

    python3.11 faulty_server.py FAULT PORT UPSTREAM

stands in front of a sound cache at 127.0.0.1:UPSTREAM and does one thing wrong:

    corrupt    every blob that is read has one bit changed
    empty      every action has a result, without any output
    missing    every action has a result, but none of its blobs is there
    refuse     nothing may be read or written
"""

import concurrent.futures
import sys
from collections.abc import Iterator

import grpc
from buildgrid._protos.build.bazel.remote.execution.v2 import remote_execution_pb2 as reapi
from google.protobuf.message import Message

_THREADS = 64
_SERVICE = "/build.bazel.remote.execution.v2."
_CAPABILITIES = _SERVICE + "Capabilities/"
_GET_RESULT = _SERVICE + "ActionCache/GetActionResult"
_READ = "/google.bytestream.ByteStream/Read"
_READ_MANY = _SERVICE + "ContentAddressableStorage/BatchReadBlobs"
_FIND_MISSING = _SERVICE + "ContentAddressableStorage/FindMissingBlobs"


def _same(data: bytes) -> bytes:
    """Messages are passed on as they are."""
    return data


def _encoded(message: Message) -> bytes:
    return message.SerializeToString()


class FaultyServer(grpc.GenericRpcHandler):
    """Passes calls on to a sound server, but for those that the fault concerns."""

    def __init__(self, fault: str, upstream: int):
        self._fault = fault
        self._channel = grpc.insecure_channel(f"127.0.0.1:{upstream}")

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        method = details.method

        def answer(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            if self._fault == "refuse" and not method.startswith(_CAPABILITIES):
                context.abort(grpc.StatusCode.PERMISSION_DENIED, "this cache is for others")
            if self._fault == "empty" and method == _GET_RESULT:
                yield _encoded(reapi.ActionResult(exit_code=0))
                return
            if self._fault == "missing" and method in (_READ, _READ_MANY):
                context.abort(grpc.StatusCode.NOT_FOUND, "lost")
            try:
                for reply in self._pass_on(method, requests):
                    yield self._corrupted(reply) if method == _READ else reply
            except grpc.RpcError as error:
                context.abort(error.code(), error.details() or "")

        return grpc.stream_stream_rpc_method_handler(answer, _same, _same)

    def _pass_on(self, method: str, requests: Iterator[bytes]) -> Iterator[bytes]:
        return self._channel.stream_stream(method, _same, _same)(requests)

    def _corrupted(self, reply: bytes) -> bytes:
        """A ReadResponse with another last byte: that is of the data, which is its last field."""
        if self._fault != "corrupt" or not reply:
            return reply
        return reply[:-1] + bytes([reply[-1] ^ 1])


def main() -> None:
    fault, port, upstream = sys.argv[1:]
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(_THREADS))
    server.add_generic_rpc_handlers([FaultyServer(fault, int(upstream))])
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
