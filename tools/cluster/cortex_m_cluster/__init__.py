# SPDX-License-Identifier: Apache-2.0
"""A remote cache and a cluster of workers on this machine, for trying and testing.

`Cluster` starts them and stops them: BuildGrid alone is a cache; with a PostgreSQL for its queue
and with BuildBox workers it executes actions, too. Everything listens on loopback only.
"""

from cortex_m_cluster.cluster import Cluster
from cortex_m_cluster.processes import ClusterError

__all__ = ["Cluster", "ClusterError"]
