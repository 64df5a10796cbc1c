# SPDX-License-Identifier: Apache-2.0
"""What the integration tests need of the machine, for bzlmod."""

load(":repositories.bzl", "integration_repositories")

def _integration_impl(_module_ctx):
    integration_repositories()

# Not reproducible: what it finds depends on the machine.
integration = module_extension(
    implementation = _integration_impl,
    doc = "Makes @cortex_m_machine and @cortex_m_sources, for the tests that run Bazel themselves.",
)
