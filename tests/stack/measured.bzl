# SPDX-License-Identifier: Apache-2.0
"""measured: what runs an image, and what is stated of its stack."""

load("//rules:providers.bzl", "CortexMFirmwareInfo")

def _measured_impl(ctx):
    info = ctx.attr.firmware[CortexMFirmwareInfo]
    runner = ctx.attr.firmware[DefaultInfo].files_to_run.executable
    return [DefaultInfo(
        files = depset([runner, info.stack]),
        runfiles = ctx.runfiles([runner]).merge(info.boot),
    )]

measured = rule(
    implementation = _measured_impl,
    attrs = {"firmware": attr.label(mandatory = True, providers = [CortexMFirmwareInfo])},
)
