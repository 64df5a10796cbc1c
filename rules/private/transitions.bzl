# SPDX-License-Identifier: Apache-2.0
"""The two configuration changes of this rule set.

* a firmware goes to the platform of its core and ISA
* a model goes to the lowering platform of its ISA class, so that all cores of a class share it
"""

load("//toolchains:cores.bzl", "CORES", "ISAS", "lowering_platform_label", "platform_label", "variant_problem")

_PLATFORMS = "//command_line_option:platforms"

def _firmware_transition_impl(settings, attr):
    if not attr.core:
        return {_PLATFORMS: settings[_PLATFORMS]}

    # The rule itself reports an impossible pair: there it knows its label. Until then any
    # Cortex-M platform does; on the host's, the dependencies would be reported instead.
    if attr.core not in CORES:
        return {_PLATFORMS: str(platform_label(CORES.keys()[0]))}
    isa = None if variant_problem(attr.core, attr.isa) else attr.isa
    return {_PLATFORMS: str(platform_label(attr.core, isa))}

firmware_transition = transition(
    implementation = _firmware_transition_impl,
    inputs = [_PLATFORMS],
    outputs = [_PLATFORMS],
)

# A lowering reads no compiler setting: neutral values let every build of a model share it.
_LOWERING_SETTINGS = {
    "//command_line_option:compilation_mode": "fastbuild",
    "//command_line_option:conlyopt": [],
    "//command_line_option:copt": [],
    "//command_line_option:cxxopt": [],
    "//command_line_option:features": [],
    "//command_line_option:linkopt": [],
    "//command_line_option:stamp": False,
}

def _lowering_transition_impl(settings, attr):
    platforms = settings[_PLATFORMS]
    if attr.isa in ISAS:
        platforms = str(lowering_platform_label(attr.isa))
    return _LOWERING_SETTINGS | {_PLATFORMS: platforms}

lowering_transition = transition(
    implementation = _lowering_transition_impl,
    inputs = [_PLATFORMS],
    outputs = _LOWERING_SETTINGS.keys() + [_PLATFORMS],
)
