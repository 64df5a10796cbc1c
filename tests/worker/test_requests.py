# SPDX-License-Identifier: Apache-2.0
"""A persistent worker answers each request, whatever it does, as if it were the first one."""

import json

import pytest

from tests.worker.harness import SAMPLE, gone, run_once

FIRST, SECOND = "tests/worker/roots/first", "tests/worker/roots/second"


def test_request_runs_the_module_as_python_m(worker):
    response = worker.run("show=name", "show=argv", requestId=7)
    assert response == {
        "requestId": 7,
        "exitCode": 0,
        "output": '"__main__"\n["show=name", "show=argv"]\n',
    }


def test_singleplex_request_has_no_id(worker):
    assert worker.run("print=a")["requestId"] == 0


def test_output_is_stdout_and_stderr_in_their_order(worker):
    output = worker.run("print=a", "print-error=b", "print-in-c=c", "print=d")["output"]
    assert output == "a\nb\nc\nd\n"


def test_imports_that_print_do_not_disturb_the_protocol(worker):
    assert worker.run("print=a")["output"] == "a\n"
    assert "a library speaks" in worker.log.read_text()


def test_no_state_passes_from_request_to_request(worker):
    for _ in range(3):
        assert worker.run("show=count")["output"] == "1\n"


def test_modules_of_one_name_below_different_roots(worker):
    names = [worker.run("import=twin", roots=[root])["output"] for root in (FIRST, SECOND, FIRST)]
    assert names == ["first\n", "second\n", "first\n"]
    without = worker.run("import=twin")
    assert without["exitCode"] == 1
    assert "No module named 'twin'" in without["output"]


def test_generated_modules_are_found_below_the_output_root(worker, tmp_path):
    generated = tmp_path / "models"
    generated.mkdir()
    (generated / "twin.py").write_text("NAME = 'generated'")
    request = ["--import-root=models", f"--output-root={tmp_path}", "--", "import=twin"]
    worker.write(json.dumps({"arguments": request}).encode() + b"\n")
    assert worker.receive()["output"] == "generated\n"


def test_stdin_of_a_request_is_empty(worker):
    assert worker.run("show=stdin")["output"] == '""\n'
    assert worker.run("print=still there")["exitCode"] == 0


def test_much_output_does_not_block(worker):
    assert len(worker.run("print-many=3000000")["output"]) == 3000001


def test_inputs_and_verbosity(worker):
    inputs = [{"path": "tests/worker/sample.py", "digest": "c2hhMjU2"}]
    assert worker.run("print=a", inputs=inputs, verbosity=10)["output"] == "a\n"
    assert "exit status 0 after" in worker.log.read_text()


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["exit=5"], 5, ""),
        (["exit-now=6"], 6, ""),
        (["fail=no such tensor"], 1, "ValueError: no such tensor"),
        (["abort"], 134, "tests.worker.sample was ended by signal 6 (Aborted)"),
        (["kill=SIGSEGV"], 139, "was ended by signal 11 (Segmentation fault)"),
        (["kill=SIGKILL"], 137, "if memory ran out, let fewer run at a time"),
        (["kill=SIGRTMIN"], 162, "was ended by signal 34"),
        (["closed", "kill=SIGTERM"], 143, "was ended by signal 15 (Terminated)"),
    ],
)
def test_failure_is_a_response_and_the_worker_lives(worker, arguments, status, text):
    response = worker.run("print=before", *arguments)
    assert response["exitCode"] == status
    assert response["output"].startswith("before\n")
    assert text in response["output"]
    assert worker.run("print=next")["output"] == "next\n"


@pytest.mark.parametrize("output", ["open", "closed"])
def test_what_a_request_leaves_running_is_ended(worker, output):
    response = worker.run(f"leave-running={output}", "exit=0")
    assert response["exitCode"] == 0
    assert gone(int(response["output"]))


def test_one_shot_is_the_same(worker, tmp_path):
    arguments = ["show=argv", "show=name", "show=count", "import=twin", "exit=3"]
    request = [f"--import-root={FIRST}", "--", *arguments]
    response = worker.run(*arguments, roots=[FIRST])
    once = run_once(tmp_path, request)
    assert once.returncode == response["exitCode"] == 3
    preloading = "state: a library speaks while it is imported\n"
    assert once.stdout == preloading + response["output"]


def test_one_shot_without_separator(tmp_path):
    once = run_once(tmp_path, ["print=a"])
    assert once.returncode == 2
    assert "have to follow `--`" in once.stdout


def test_one_shot_without_its_file(tmp_path):
    once = run_once(tmp_path, ["--"], [*SAMPLE, f"@{tmp_path}/none"])
    assert once.returncode == 2
    assert f"the request {tmp_path}/none cannot be read" in once.stdout


def test_worker_has_one_thread(worker):
    """More would not survive the fork, and what they hold would stay locked."""
    assert worker.run("show=threads")["output"] == "1\n"
