"""A set of files is seen whole or not at all: the previous one or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gis_planner.maps import bundle, journal
from gis_planner.maps.bundle import changed_files, read_manifest, write_bundle
from gis_planner.maps.lock import folder_lock
from gis_planner.problems import Machine, Refused

FILES = ("a.txt", "tables/b.csv", "routes/deep/c.gpx")


def _write(text: str, names: tuple[str, ...] = FILES) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"{text} {name}\n")
    return write


def _seen(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {".lock"}


@pytest.fixture(params=["exchange", "journal"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of making a set visible: folders exchanged, and files moved by a journal."""
    if request.param == "journal":
        monkeypatch.setattr(bundle, "exchange_folders", lambda one, other: False)
    return str(request.param)


def test_manifest_lists_each_file_with_its_sha256_and_size(tmp_path: Path, way: str) -> None:
    """The manifest lists every file of the set, sorted, and none changed since."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    listed = read_manifest(out)
    assert listed is not None
    assert list(listed) == sorted(FILES)
    assert listed["a.txt"]["size"] == len("one a.txt\n")
    assert changed_files(out) == []
    assert _seen(out) == {*FILES, "manifest.json"}


def test_a_touched_file_is_named(tmp_path: Path) -> None:
    """A file that no longer has the manifest's sha256, or that is gone, is named."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    (out / "a.txt").write_text("other")
    (out / "tables/b.csv").unlink()
    assert changed_files(out) == ["a.txt", "tables/b.csv"]


def test_same_content_gives_the_same_manifest(tmp_path: Path) -> None:
    """Two runs with the same content give the same manifest, byte for byte."""
    manifests = [(write_bundle(tmp_path / name, _write("one")) / "manifest.json").read_bytes() for name in ("x", "y")]
    assert manifests[0] == manifests[1]


def test_second_run_replaces_the_set_and_keeps_notes(tmp_path: Path, way: str) -> None:
    """A new set replaces the listed files, drops those it no longer has, and keeps what someone else put there."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    (out / "my notes.txt").write_text("ask the chief")
    (out / "photos").mkdir()
    (out / "photos/a.jpg").write_text("picture")
    (out / "empty").mkdir()
    write_bundle(out, _write("two", ("a.txt", "new/d.txt")))
    assert (out / "a.txt").read_text() == "two a.txt\n"
    assert _seen(out) == {"a.txt", "new/d.txt", "manifest.json", "my notes.txt", "photos/a.jpg"}
    assert (out / "empty").is_dir()
    assert not (out / "routes").exists()
    assert changed_files(out) == []
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_failed_write_leaves_the_previous_set(tmp_path: Path, way: str) -> None:
    """An error while the set is made leaves the previous set, and nothing beside it."""
    out = write_bundle(tmp_path / "plan", _write("one"))

    def broken(folder: Path) -> None:
        _write("two")(folder)
        raise RuntimeError("solver died")

    with pytest.raises(RuntimeError, match="solver died"):
        write_bundle(out, broken)
    assert (out / "a.txt").read_text() == "one a.txt\n"
    assert changed_files(out) == []
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_failed_first_write_leaves_no_folder(tmp_path: Path) -> None:
    """An error in the very first run leaves no folder behind."""
    with pytest.raises(ZeroDivisionError):
        write_bundle(tmp_path / "plan", lambda folder: 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_a_file_as_out_is_refused(tmp_path: Path) -> None:
    """--out that is a file is refused and stays as it is."""
    (tmp_path / "plan").write_text("mine")
    with pytest.raises(Refused, match=r"out-is-a-file.*a folder"):
        write_bundle(tmp_path / "plan", _write("one"))
    assert (tmp_path / "plan").read_text() == "mine"


@pytest.mark.parametrize("manifest", [None, "{}", "not json", '{"files": {"a": 1}}'])
def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path, manifest: str | None) -> None:
    """A folder with files and without a manifest of ours (a home folder) is refused, and what lies there is named."""
    (tmp_path / "thesis.doc").write_text("years")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(Refused, match=r"out-not-ours.*thesis\.doc.*Choose a new folder"):
        write_bundle(tmp_path, _write("one"))
    assert (tmp_path / "thesis.doc").read_text() == "years"


def test_a_second_run_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    """While one run writes, another gets the holder's pid and time; afterwards it may."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    with folder_lock(out), pytest.raises(Machine, match=rf"in use by pid {os.getpid()} since 2\d\d\d-"):
        write_bundle(out, _write("two"))
    assert (out / "a.txt").read_text() == "one a.txt\n"
    write_bundle(out, _write("two"))
    assert (out / "a.txt").read_text() == "two a.txt\n"


def test_lock_still_holds_after_the_folders_were_exchanged(tmp_path: Path) -> None:
    """The lock is one file before and after an exchange, so that no two runs hold it."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    before = (out / ".lock").stat().st_ino
    write_bundle(out, _write("two"))
    assert (out / ".lock").stat().st_ino == before


def test_leftovers_of_a_killed_run_are_cleaned(tmp_path: Path) -> None:
    """What a killed run left beside the folder and in it is gone after the next run."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    for left in (tmp_path / ".plan.tmp-abc/set", out / ".tmp-xyz/set"):
        left.mkdir(parents=True)
        (left / "half.csv").write_text("ha")
    write_bundle(out, _write("two"))
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]
    assert _seen(out) == {*FILES, "manifest.json"}


def test_a_note_written_at_the_last_moment_is_kept(tmp_path: Path) -> None:
    """A note found only in the previous set that a killed run left behind comes back into the folder."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    previous = write_bundle(tmp_path / "other", _write("zero"))
    (previous / "late.txt").write_text("late")
    (tmp_path / ".plan.tmp-abc").mkdir()
    previous.rename(tmp_path / ".plan.tmp-abc/set")
    write_bundle(out, _write("two"))
    assert (out / "late.txt").read_text() == "late"
    assert (out / "a.txt").read_text() == "two a.txt\n"


@pytest.mark.parametrize("cut", range(12))
def test_a_cut_off_move_is_completed_by_the_next_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """A move by journal that stops after any of its steps is without manifest or whole, and is completed afterwards."""
    monkeypatch.setattr(bundle, "exchange_folders", lambda one, other: False)
    out = write_bundle(tmp_path / "plan", _write("one"))
    steps = 0

    def guarded(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **named: object) -> object:
            nonlocal steps
            steps += 1
            if steps > cut:
                raise KeyboardInterrupt
            return real(*args, **named)
        return step

    with monkeypatch.context() as patch:
        patch.setattr(bundle.shutil, "rmtree", lambda *args, **named: None)
        patch.setattr(journal, "sync_folder", guarded(journal.sync_folder))
        patch.setattr(journal, "sync_tree", guarded(journal.sync_tree))
        patch.setattr(Path, "replace", guarded(Path.replace))
        patch.setattr(Path, "unlink", guarded(Path.unlink))
        with pytest.raises(KeyboardInterrupt):
            write_bundle(out, _write("two", ("a.txt", "new/d.txt")))
    if read_manifest(out) is not None:
        assert changed_files(out) == []
    journal.finish(out)
    assert changed_files(out) == []
    text = (out / "a.txt").read_text()
    assert text in {"one a.txt\n", "two a.txt\n"}
    assert (out / "new/d.txt").exists() == text.startswith("two")
    write_bundle(out, _write("three"))
    assert _seen(out) == {*FILES, "manifest.json"}


def _disk_is_full(folder: Path) -> None:
    _write("two", ("a.txt",))(folder)
    raise OSError(errno.ENOSPC, "No space left on device")


def _library_says_full(folder: Path) -> None:
    _write("two", ("a.txt",))(folder)
    raise RuntimeError("sqlite3_exec failed: database or disk is full")


@pytest.mark.parametrize("write", [_disk_is_full, _library_says_full])
def test_full_disk_is_said_with_bytes(tmp_path: Path, way: str, write: Callable[[Path], None]) -> None:
    """A full disk ends as a machine finding with the bytes needed and free; the previous set is intact."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    with pytest.raises(Machine, match=r"disk-full.*[\d,]+ bytes free; expected at least [\d,]+ bytes") as caught:
        write_bundle(out, write)
    assert caught.value.exit_status == 4
    assert (out / "a.txt").read_text() == "one a.txt\n"
    assert changed_files(out) == []


def test_file_size_limit_is_a_machine_finding(tmp_path: Path) -> None:
    """A real write that the system cuts off ends as a machine finding; the previous set is intact."""
    out = write_bundle(tmp_path / "plan", _write("one"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(Machine, match="disk-full"):
            write_bundle(out, lambda folder: (folder / "big").write_bytes(b"x" * 100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert changed_files(out) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A mounted disk of 256 KiB; skips when mounting is not allowed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True,
                          check=False) if os.geteuid() == 0 else None
    if done is None or done.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("name", [".", "plan"])
def test_a_really_full_disk_leaves_the_previous_set(small_disk: Path, name: str) -> None:
    """On a disk that fills up, as mount point or below it, the previous set stays whole and the finding says so."""
    out = write_bundle(small_disk / name, lambda folder: (folder / "a").write_bytes(b"a" * 50_000))
    for size in range(220_000, 600_000, 60_000):
        def write(folder: Path, size: int = size) -> None:
            (folder / "a").write_bytes(b"b" * 1000)
            (folder / "b").write_bytes(b"b" * size)

        with pytest.raises(Machine, match="disk-full"):
            write_bundle(out, write)
        assert changed_files(out) == []
        assert (out / "a").read_bytes() == b"a" * 50_000


def test_a_half_deleted_old_set_leaves_no_folder_behind(tmp_path: Path) -> None:
    """Killed while the old set was being deleted, its emptied folders are neither brought back nor in the way."""
    out = tmp_path / "plan"
    write_bundle(out, _write("one"))
    left = tmp_path / f"{bundle._prefix(out)}killed" / "set"
    (left / "sub1").mkdir(parents=True)
    (left / "manifest.json").write_bytes((out / "manifest.json").read_bytes())
    for path in sorted(out.iterdir()):
        path.unlink() if path.is_file() else shutil.rmtree(path)
    (out / "sub1").mkdir()
    write_bundle(out, _write("two"))
    assert _seen(out) == {*FILES, "manifest.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


CHILD = """
import sys
from pathlib import Path
from gis_planner.maps import bundle
if sys.argv[3] == "journal":
    bundle.exchange_folders = lambda one, other: False
def write(folder):
    for number in range(40):
        (folder / f"sub{number % 4}").mkdir(exist_ok=True)
        (folder / f"sub{number % 4}" / f"{number}.txt").write_text(sys.argv[2] * 2000)
print("ready", flush=True)
while True:
    bundle.write_bundle(Path(sys.argv[1]), write)
"""


@pytest.mark.parametrize("by", ["exchange", "journal"])
def test_killed_at_random_moments_the_set_is_never_mixed(tmp_path: Path, by: str) -> None:
    """Killed with SIGKILL at 30 random moments while writing, the folder holds one whole set, and no leftover stays."""
    out = tmp_path / "plan"
    chance = random.Random(7)
    for round_number in range(30):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(out), "ab"[round_number % 2], by],
                                 stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.06))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if by == "journal" and out.exists():
            journal.finish(out)
        files = sorted(path for path in out.rglob("*.txt") if ".tmp-" not in str(path)) if out.exists() else []
        if files:
            assert changed_files(out) == []
            assert len(files) == 40
            assert len({path.read_text()[0] for path in files}) == 1
    write_bundle(out, _write("one"))
    assert _seen(out) == {*FILES, "manifest.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_manifest_is_json_that_ends_with_a_newline(tmp_path: Path) -> None:
    """The manifest is readable JSON with its format named."""
    text = (write_bundle(tmp_path / "plan", _write("one")) / "manifest.json").read_text()
    assert json.loads(text)["format"] == bundle.FORMAT
    assert text.endswith("}\n")
