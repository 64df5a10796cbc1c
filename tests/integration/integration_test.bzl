# SPDX-License-Identifier: Apache-2.0
"""integration_test: a pytest suite that runs Bazel itself."""

load("//tests:pytest.bzl", "pytest_test")

def integration_test(name, srcs, data = [], deps = [], env = {}, tags = [], **kwargs):
    """A pytest suite that runs Bazel on copies of this repository, by means of `nested_bazel`.

    Args:
      name: target name.
      srcs: test files, and conftest.py.
      data: files the suite reads besides the packed sources.
      deps: py_library targets it imports besides `nested_bazel`.
      env: environment; `$(location ...)` of `data` is expanded.
      tags: tags besides those every such suite has.
      **kwargs: more arguments of pytest_test.
    """
    pytest_test(
        name = name,
        srcs = srcs,
        data = data + [
            "@cortex_m_machine//:machine.json",
            "@cortex_m_sources//:sources.tar",
        ],
        env = env | {
            "NESTED_MACHINE": "$(rootpath @cortex_m_machine//:machine.json)",
            "NESTED_SOURCES": "$(rootpath @cortex_m_sources//:sources.tar)",
        },
        # They build with what is on this very machine. Not "cpu:2": a Bazel that loads and analyzes leaves
        # a core to other tests.
        tags = tags + [
            "integration",
            "no-remote",
            "slow",
        ],
        deps = deps + ["//tests/integration:nested_bazel"],
        **kwargs
    )
