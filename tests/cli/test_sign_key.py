"""`--sign-key`: every problem is told before anything is audited, and nothing is written."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from audit_sample import AUDIT
from bom_kit import FOLDER, change
from cli_fakes import Fake
from openness_audit.cli.audit import signing
from openness_audit.render.records import intoto

MODEL = "acme/tern-7b"
KEY = ed25519.Ed25519PrivateKey.generate()
PEM, FORM = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
PLAIN = KEY.private_bytes(PEM, FORM, serialization.NoEncryption())
HIDDEN = KEY.private_bytes(PEM, FORM, serialization.BestAvailableEncryption(b"correct horse"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("key.pem").write_bytes(PLAIN)
    Path("hidden.pem").write_bytes(HIDDEN)
    return tmp_path


def signed(line: str) -> bytes:
    document = json.loads(line)
    payload, kind = base64.b64decode(document["payload"]), document["payloadType"].encode()
    signature = base64.b64decode(document["signatures"][0]["sig"])
    KEY.public_key().verify(signature, b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    return payload


def written() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*") if path.suffix != ".pem")


def test_one_model_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()(
        MODEL, "--sign-key", "key.pem", "-q", "-o", "a.dsse.json", "-o", "a.intoto.jsonl", "-o", "a.intoto.json"
    )
    line = intoto.line(AUDIT).encode()

    assert code == 0
    assert [signed(Path(name).read_text("utf-8")) for name in ("a.dsse.json", "a.intoto.jsonl")] == [line, line]
    assert json.loads(Path("a.intoto.json").read_bytes()) == json.loads(line)
    assert capsys.readouterr() == ("", "")


def test_several_models_one_a_line_and_one_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    words = (MODEL, "gpt2", "a/missing", "--sign-key", "key.pem", "-q")
    assert Fake()(*words, "-o", "all.intoto.jsonl") == 3
    assert Fake()(*words, "-f", "dsse", "-o", "out/") == 3
    assert capsys.readouterr().out == ""
    assert Fake()(*words, "-f", "dsse") == 3

    lines = Path("all.intoto.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(signed(line))["subject"][0]["name"] for line in lines] == [
        "huggingface.co/acme/tern-7b",
        "huggingface.co/gpt2",
    ]
    assert capsys.readouterr().out.splitlines() == lines
    assert written() == ["all.intoto.jsonl", "out", "out/acme--tern-7b.dsse.json", "out/gpt2.dsse.json"]


def test_unsigned_statements_of_several_models_are_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(MODEL, "gpt2", "-f", "in-toto", "-q") == 0

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["_type"] for line in lines] == [intoto.STATEMENT_TYPE] * 2


@pytest.mark.parametrize("name", ["a.intoto.json", "a.dsse.json"])
def test_a_file_of_one_statement_does_not_take_several(name: str) -> None:
    assert Fake()(MODEL, "gpt2", "-o", name, *(("--sign-key", "key.pem") if "dsse" in name else ())) == 2
    assert written() == []


@pytest.mark.parametrize("name", ["a.intoto.json", "a.dsse.json", "a.intoto.jsonl"])
def test_a_model_without_an_audit_gets_no_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    key = () if name == "a.intoto.json" else ("--sign-key", "key.pem")

    assert Fake()("a/missing", "-o", name, *key) == 3
    assert written() == []
    assert "Traceback" not in capsys.readouterr().err


WRONG = [
    (("--sign-key", "none.pem"), "the key none.pem cannot be read: No such file or directory"),
    (("--sign-key", "."), "the key . cannot be read: Is a directory"),
    (("--sign-key", ""), "cannot be read"),
    (("--sign-key", "hidden.pem"), "the key hidden.pem is encrypted, and no password is given"),
    (("--sign-key", "big.pem"), "the key big.pem is no key: it has more than 64 KiB"),
    (("--sign-key", "text.pem"), "the key text.pem holds no private key that can be read"),
    ((), "format 'dsse' is signed, and no key is given"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_a_key_that_cannot_be_used_is_told_before_anything_is_audited(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("big.pem").write_bytes(b"-" * 70_000)
    Path("text.pem").write_text("not a key", "utf-8")
    fake = Fake()

    assert fake(MODEL, "-o", "a.dsse.json", *words) == 2
    assert said in capsys.readouterr().err
    assert (fake.asked, written()) == ([], [])


def test_a_key_without_anything_to_sign_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(MODEL, "-o", "a.json", "--sign-key", "key.pem") == 2
    assert "nothing is to be signed" in capsys.readouterr().err
    assert written() == []


def test_the_password_comes_from_the_environment_and_is_shown_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    words = (MODEL, "--sign-key", "hidden.pem", "-o", "a.dsse.json")
    assert Fake(environ={signing.PASSWORD: "wrong password"})(*words) == 2
    assert written() == []
    assert Fake(environ={signing.PASSWORD: "correct horse"})(*words) == 0

    assert signed(Path("a.dsse.json").read_text("utf-8"))
    shown = "".join(capsys.readouterr()) + Path("a.dsse.json").read_text("utf-8")
    assert [word for word in ("wrong password", "correct horse", "PRIVATE KEY") if word in shown] == []


def test_the_password_is_asked_for_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def prompt(words: str, **how: bool) -> str:
        asked.append(words)
        assert how == {"hide_input": True, "err": True}
        return "correct horse"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", prompt)

    assert Fake()(MODEL, "--sign-key", "hidden.pem", "-o", "a.dsse.json", "-q") == 0
    assert asked == ["Password of the key hidden.pem"]


def test_a_directory_has_nothing_a_statement_could_be_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake(answer=lambda _target: change(FOLDER, files=()))(MODEL, "-o", "a.intoto.json") == 4
    assert "a directory has no commit" in capsys.readouterr().err
    assert written() == []
