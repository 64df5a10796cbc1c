# SPDX-License-Identifier: Apache-2.0
"""What an action imports: one folder of packages, or targets of a pip hub."""

load("@rules_python//python:defs.bzl", "PyInfo")

CortexMPackagesInfo = provider(
    doc = "Python packages that actions import.",
    fields = {
        "files": "depset of File: the inputs",
        "roots": "list of string: the import path, relative to the execution root",
        "runfiles_roots": "list of string: the import path, relative to the runfiles folder",
        "worker_files": "depset of File, none a folder: change when the packages do, as the key of a worker has to; " +
                        "empty if nothing is known that does",
    },
)

def execution_path(ctx, runfiles_path):
    """Where a source lies.

    Args:
      ctx: rule context.
      runfiles_path: `<repository>/<path>`, as in `PyInfo.imports`.

    Returns:
      The path relative to the execution root; `.` for the main repository itself.
    """
    repository, _, path = runfiles_path.partition("/")
    root = "" if repository == ctx.workspace_name else "external/" + repository
    return "/".join([part for part in [root, path] if part]) or "."

def _folder_path(ctx, folder):
    if folder.short_path.startswith("../"):
        return folder.short_path.removeprefix("../")
    return ctx.workspace_name + "/" + folder.short_path

def packages_info(ctx, targets, lock = None):
    """Packages of some targets.

    Args:
      ctx: rule context.
      targets: list of targets: of folders, or with PyInfo.
      lock: File: what the folders were made from, if that is known.

    Returns:
      CortexMPackagesInfo.
    """
    files = []
    folders = []
    roots = []
    for target in targets:
        if PyInfo in target:
            files.append(target[PyInfo].transitive_sources)
            files.append(target[DefaultInfo].default_runfiles.files)
            roots.extend(target[PyInfo].imports.to_list())
        else:
            folders.extend(target[DefaultInfo].files.to_list())
    roots = {root: None for root in roots + [_folder_path(ctx, folder) for folder in folders]}.keys()
    if not folders:
        worker_files = depset(transitive = files)
    elif lock:
        worker_files = depset([lock], transitive = files)
    else:
        worker_files = depset()
    return CortexMPackagesInfo(
        files = depset(folders, transitive = files),
        roots = [execution_path(ctx, root) for root in roots],
        runfiles_roots = roots,
        worker_files = worker_files,
    )

def file_of_package(packages, path):
    """Looks for a file of a package.

    Args:
      packages: CortexMPackagesInfo.
      path: the file, relative to a folder of packages: `executorch/data/bin/flatc`.

    Returns:
      File, or None: where packages are one folder, its files are not known.
    """
    for file in packages.files.to_list():
        if file.path.endswith("/" + path):
            return file
    return None
