"""Several audits at a time in one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys, threading
sys.setswitchinterval(1e-6)
from openness_audit.warm import warm_up
read = warm_up.__wrapped__
threads = [threading.Thread(target=read) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print("done")
"""


AUDITS = """
import sys, threading
from datetime import date
from pathlib import Path
sys.setswitchinterval(1e-6)
from openness_audit.model.row import DumpRow
from openness_audit.scan.dump_audit import audit_row
from openness_audit.scan.finisher import Finisher
from openness_audit.scan.outcome import Spec
from openness_audit.settings import Settings
spec = Spec(kind="dump", settings=Settings(cache_dir=Path()), as_of=date(2026, 11, 21), folder=sys.argv[1])
finisher = Finisher(spec)
def audit(number):
    card = "---\\nlicense: mit\\nbase_model: a/b\\n---\\n# M\\n\\nTrained on Wikipedia."
    row = DumpRow(id=f"acme/m{number}", card=card)
    finisher.finished(number, audit_row(row, finisher.rules, spec.as_of), row.id)
threads = [threading.Thread(target=audit, args=(number,)) for number in range(6)]
[t.start() for t in threads]
[t.join() for t in threads]
print(len(list(Path(sys.argv[1]).rglob("*.json"))))
"""


def test_the_first_audits_of_a_process_may_be_made_by_several_threads(tmp_path: Path) -> None:
    words = [sys.executable, "-c", AUDITS, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)

    assert (done.returncode, done.stdout, done.stderr) == (0, "6\n", "")


def test_the_first_models_of_a_process_may_be_read_by_several_threads() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=120)

    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
