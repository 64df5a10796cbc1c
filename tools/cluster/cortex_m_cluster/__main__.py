# SPDX-License-Identifier: Apache-2.0
"""`bazel run //tools/cluster`: a cluster on this machine until it is interrupted."""

import argparse
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

from cortex_m_cluster import Cluster, ClusterError

_PORT = 8980


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bazel run //tools/cluster --",
        description="A remote cache and workers on this machine's loopback, until interrupted.",
    )
    parser.add_argument("--packages", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cache", action="store_true", help="only a cache, no workers")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count(), help="actions at once (default: the processors)"
    )
    parser.add_argument("--port", type=int, default=_PORT, help=f"default: {_PORT}")
    return parser.parse_args()


def _explain(cluster: Cluster, cache: bool) -> None:
    config, flag = ("remote-cache", "remote_cache") if cache else ("remote", "remote_executor")
    kind = "cache" if cache else "cluster"
    print(f"{kind} at {cluster.address}; logs and storage: {cluster.folder}")
    print(f"  bazel build --config={config} --{flag}={cluster.address} //...")
    if cluster.port == _PORT:
        print(f"  (--config={config} alone does: it has this address)")
    print("interrupt (Ctrl-C) ends it", flush=True)


def main() -> int:
    options = _arguments()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix="cortex_m_cluster_") as folder:
        try:
            jobs = 0 if options.cache else options.jobs
            with Cluster(options.packages, Path(folder), options.port, jobs) as cluster:
                _explain(cluster, options.cache)
                while not ended.wait(1.0):
                    cluster.check()
        except ClusterError as error:
            print(f"cluster: error: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
