"""Starts LiteLLM with each file of test/golden/fixtures/litellm-starts.json, and writes down what it listed.

    python3 test/differential/record_litellm_starts.py "$(.ci/fetch-litellm)"

Takes a quarter of an hour, so no suite runs it: src/config/litellm-starts.test.ts reads what it wrote.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

FIXTURE = pathlib.Path(__file__).parent.parent / "golden" / "fixtures" / "litellm-starts.json"
KEY = "sk-0f3b9c71d25ae81c40b7"
LIMIT_SECONDS = 120


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(port: int, path: str) -> dict:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def models_of(program: str, file: pathlib.Path, env: dict) -> list | None:
    """The models that LiteLLM lists, or None where it ends."""
    port = free_port()
    command = [program, "--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    offline = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**offline, **env, "LITELLM_MASTER_KEY": KEY}, cwd=file.parent, **quiet)
    try:
        for _ in range(LIMIT_SECONDS * 4):
            if process.poll() is not None:
                return None
            try:
                return sorted(model["id"] for model in get(port, "/v1/models")["data"])
            except OSError:
                time.sleep(0.25)
        raise TimeoutError(file.name)
    finally:
        process.kill()
        process.wait()


def main(program: str) -> None:
    recorded = json.loads(FIXTURE.read_text())
    with tempfile.TemporaryDirectory() as folder:
        for name, text in recorded["beside"].items():
            (pathlib.Path(folder) / name).write_text(text)
        for name, entry in recorded["files"].items():
            file = pathlib.Path(folder) / f"{name}.yaml"
            file.write_text(entry["text"])
            models = models_of(program, file, recorded["env"])
            # A wildcard makes it list hundreds of models that are not in the file.
            entry["models"] = models and [model for model in models if model in entry["text"]]
            print(name, entry["models"], flush=True)
    FIXTURE.write_text(json.dumps(recorded, indent=2, ensure_ascii=False) + "\n")


main(sys.argv[1])
