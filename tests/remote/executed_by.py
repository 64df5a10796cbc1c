# SPDX-License-Identifier: Apache-2.0
"""Which worker executed an action.

    python3.11 executed_by.py PORT HASH SIZE

asks the server at 127.0.0.1:PORT, by the digest of the action.
"""

import sys

import grpc
from buildgrid._protos.build.bazel.remote.execution.v2 import remote_execution_pb2 as reapi
from buildgrid._protos.build.bazel.remote.execution.v2 import remote_execution_pb2_grpc as services


def main() -> None:
    port, hash_, size = sys.argv[1:]
    cache = services.ActionCacheStub(grpc.insecure_channel(f"127.0.0.1:{port}"))
    digest = reapi.Digest(hash=hash_, size_bytes=int(size))
    result = cache.GetActionResult(reapi.GetActionResultRequest(action_digest=digest))
    print(result.execution_metadata.worker)


if __name__ == "__main__":
    main()
