"""Which files of a code base are read, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from openness_audit.model.usages import Code
from openness_audit.scan.code.reading import scan_code

CODE = 'from transformers import X\nX.from_pretrained("lab-a/m-1")\n'


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def where(code: Code, root: Path) -> list[str]:
    return [os.path.relpath(u.path, root) for u in code.usages]


def skipped(code: Code) -> dict[str, int]:
    return {row.reason: row.count for row in code.skipped}


def test_ignore_files_count_as_git_counts_them(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    root = tree(
        tmp_path,
        {
            ".gitignore": "*.tmp.py\n/out/\n!keep.tmp.py\nsub/*.py\n",
            "a.py": CODE,
            "b.tmp.py": CODE,
            "keep.tmp.py": CODE,
            "out/c.py": CODE,
            "deep/out/d.py": CODE,
            "sub/e.py": CODE,
            "sub/.gitignore": "!f.py\n",
            "sub/f.py": CODE,
            "node_modules/g.py": CODE,
            "env/pyvenv.cfg": "",
            "env/h.py": CODE,
        },
    )
    code = scan_code([str(root)])

    assert where(code, root) == ["a.py", "deep/out/d.py", "keep.tmp.py", "sub/f.py"]
    assert skipped(code) == {"ignored": 3, "vcs": 1, "packages": 2, "other-kinds": 2}
    assert where(scan_code([str(root)], ignores=False), root) == [
        "a.py",
        "b.tmp.py",
        "deep/out/d.py",
        "keep.tmp.py",
        "out/c.py",
        "sub/e.py",
        "sub/f.py",
    ]


def test_ignore_files_above_the_folder_count_up_to_the_repository(tmp_path: Path) -> None:
    root = tree(
        tmp_path, {".gitignore": "*.py\n", "repo/.gitignore": "b.py\n", "repo/src/a.py": CODE, "repo/src/b.py": CODE}
    )
    (root / "repo" / ".git").mkdir()

    assert where(scan_code([str(root / "repo" / "src")]), root) == ["repo/src/a.py"]


def test_a_file_that_is_named_is_read_even_if_it_is_ignored(tmp_path: Path) -> None:
    root = tree(tmp_path, {".gitignore": "*.py\n", "a.py": CODE})

    assert where(scan_code([str(root / "a.py")]), root) == ["a.py"]


def test_paths_that_overlap_are_read_once(tmp_path: Path) -> None:
    root = tree(tmp_path, {"src/a.py": CODE})
    code = scan_code([str(root), str(root / "src"), str(root / "src" / "a.py")])

    assert (code.files, len(code.usages)) == (1, 1)


def test_links_are_never_followed_so_that_no_loop_can_form(tmp_path: Path) -> None:
    root = tree(tmp_path, {"src/a.py": CODE})
    (root / "src" / "again").symlink_to(root)
    (root / "src" / "self.py").symlink_to("self.py")
    (root / "b.py").symlink_to("src/a.py")
    code = scan_code([str(root)])

    assert where(code, root) == ["src/a.py"]
    assert skipped(code) == {"links": 3}


def test_what_is_no_text_or_no_file_is_counted(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a.py": CODE, "page.md": "x" * 3000})
    (root / "b.py").write_bytes(b"\0\1\2" + CODE.encode())
    os.mkfifo(root / "pipe.py")
    code = scan_code([str(root)], limit=2000)

    assert (where(code, root), skipped(code)) == (["a.py"], {"special": 1, "binary": 1, "too-large": 1})


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a.py": CODE})
    (root / "a.py").chmod(0)

    assert [(u.why, u.partly) for u in scan_code([str(root)]).unread] == [("Permission denied", False)]


def test_a_folder_of_the_projects_own_is_no_model(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a.py": CODE, "lab-a/m-1/config.json": "{}"})

    assert scan_code([str(root)]).usages == ()


def test_two_scans_of_the_same_files_are_the_same(tmp_path: Path) -> None:
    root = tree(tmp_path, {f"d{n % 7}/f{n}.py": CODE.replace("m-1", f"m-{n}") for n in range(60)})

    assert scan_code([str(root)]) == scan_code([str(root)])


def test_thousands_of_files_are_read(tmp_path: Path) -> None:
    root = tree(tmp_path, {f"d{n % 40}/f{n}.py": "x = 1\n" for n in range(3000)})
    tree(root, {"z.py": CODE})
    code = scan_code([str(root)])

    assert (code.files, len(code.usages)) == (3001, 1)
