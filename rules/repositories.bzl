# SPDX-License-Identifier: Apache-2.0
"""What WORKSPACE users fetch; MODULE.bazel names the same versions."""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")

# name: (address, integrity, folder to strip)
_ARCHIVES = {
    "bazel_features": (
        "https://github.com/bazel-contrib/bazel_features/releases/download/v1.51.0/bazel_features-v1.51.0.tar.gz",
        "sha256-VFC/ssi0vJYcdTaIOPhhVvVjzJre8b59UE/FYZ1U2qs=",
        "bazel_features-1.51.0",
    ),
    "bazel_skylib": (
        "https://github.com/bazelbuild/bazel-skylib/releases/download/1.9.2/bazel-skylib-1.9.2.tar.gz",
        "sha256-N837xvrv6pT3s3dgowXJjAiYERbCvJ6CHjtCMiH62Mg=",
        "",
    ),
    "platforms": (
        "https://github.com/bazelbuild/platforms/releases/download/1.1.0/platforms-1.1.0.tar.gz",
        "sha256-261KI6vMphceR7ee3FO9akEGejt1+eixBGVrRZ/yUEY=",
        "",
    ),
    "rules_cc": (
        "https://github.com/bazelbuild/rules_cc/releases/download/0.2.22/rules_cc-0.2.22.tar.gz",
        "sha256-gcEKlaXCLYOCdu6Q1xJjXWBCQZ/fyl74gygia2Mh5Ts=",
        "rules_cc-0.2.22",
    ),
    "rules_python": (
        "https://github.com/bazel-contrib/rules_python/releases/download/2.3.2/rules_python-2.3.2.tar.gz",
        "sha256-JaANVeQ3bvbZ8ok4toA4+soXyVWAya/mlT593gE9AOQ=",
        "rules_python-2.3.2",
    ),
}

def rules_cortex_m_dependencies():
    """Fetches the rule sets these rules load, unless the workspace has them already."""
    for name, (url, integrity, strip_prefix) in _ARCHIVES.items():
        if not native.existing_rule(name):
            http_archive(
                name = name,
                integrity = integrity,
                strip_prefix = strip_prefix,
                url = url,
            )
