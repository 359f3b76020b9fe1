"""A full program of ours runs in the unmodified official client.

    python3 tests/acceptance/run_official_client.py [--venv FOLDER]

Compiles two examples, exports them, serves the base model on loopback, and runs both programs in
`programasweights` from pip. Its llama-cpp-python is built from source, which takes about 15 minutes of
one core, so this is not part of `npm test`. Exit code 1 when a program does not load, or when fewer
than half of the answers equal ours (the client runs the Q4_1 base, fuzzc the Q8_0 derived from it).
"""

import argparse
import functools
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT = "programasweights==0.4.14"
INPUTS = {
    "iso-date": ["Due on March 5, 2024.", "Meeting moved to 12 July 2023", "Sent Jan 2nd, 2025"],
    "commit-subject": ["fixed the login bug.", "Added tests for the parser", "updating readme."],
}
RUN = """
import json, sys
import programasweights as paw
run = paw.function(sys.argv[1])
print(json.dumps([str(run(text)) for text in json.loads(sys.argv[2])]))
"""


def fuzzc(*words: str, given: str = "") -> str:
    command = ["node", str(ROOT / "packages/fuzzc/bin/fuzzc.js"), *words]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def client_python(folder: Path) -> Path:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", CLIENT], check=True)
    return python


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=Path(tempfile.gettempdir()) / "paw-client")
    options = parser.parse_args()
    python = client_python(options.venv)
    fuzzc("models", "pull")
    base = Path(fuzzc("models").strip().splitlines()[0].split("  ")[-1])
    server = serve(base.parent)
    url = f"http://127.0.0.1:{server.server_port}/{base.name}"
    same = total = 0
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"PAW_CACHE_DIR": scratch, "PAW_GPU_LAYERS": "0", "PAW_QUIET": "1"}
        for name, inputs in INPUTS.items():
            thin, full = Path(scratch) / f"{name}-thin.paw", Path(scratch) / f"{name}.paw"
            fuzzc("compile", str(ROOT / f"examples/{name}.fuzz.yaml"), "-o", str(thin))
            fuzzc("export", str(thin), "-o", str(full), "--base-url", url)
            ours = fuzzc("run", str(thin), given="\n".join(inputs) + "\n").splitlines()
            command = [python, "-c", RUN, str(full), json.dumps(inputs)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
            if done.returncode != 0:
                print(f"{name}: the official client failed ({done.returncode})")
                return 1
            theirs = json.loads(done.stdout.splitlines()[-1])
            for given, own, other in zip(inputs, ours, theirs, strict=True):
                print(f"{name}: {given!r}\n  fuzzc    {own!r}\n  official {other.strip()!r}")
                same += own.strip() == other.strip()
                total += 1
    server.shutdown()
    print(f"{same} of {total} answers are the same")
    return 0 if same * 2 >= total else 1


if __name__ == "__main__":
    sys.exit(main())
