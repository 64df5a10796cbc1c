# SPDX-License-Identifier: Apache-2.0
"""Estimates of cycles: one model for each kind of core."""

from cortex_m_profile.cycles import armv6m, armv7m, dual_issue, helium
from cortex_m_profile.cycles.model import Model

_ARMV7M = armv7m.models()
_HELIUM = helium.models()

MODELS: dict[str, Model] = {
    "cortex-m0": armv6m.CORTEX_M0,
    "cortex-m0plus": armv6m.CORTEX_M0PLUS,
    "cortex-m3": _ARMV7M["cortex-m3"],
    "cortex-m4": _ARMV7M["cortex-m4"],
    "cortex-m7": dual_issue.CORTEX_M7,
    "cortex-m23": armv6m.CORTEX_M23,
    "cortex-m33": _ARMV7M["cortex-m33"],
    "cortex-m35p": _ARMV7M["cortex-m35p"],
    "cortex-m52": _HELIUM["cortex-m52"],
    "cortex-m55": _HELIUM["cortex-m55"],
    "cortex-m85": _HELIUM["cortex-m85"],
}
