"""The one-off step that needs PyTorch: a sentence-transformers model written as an ONNX graph.

Run as a program of its own (``python -m index.export MODEL TARGET``), so that PyTorch's half a gigabyte is given back when it is done.
The graph has two outputs: the vector of the whole text, as the model's own chain of modules makes it, and the vectors of its tokens.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from sentence_transformers import SentenceTransformer


class _Chain(torch.nn.Module):
    """A sentence-transformers model with tensors in and out, as the exporter needs it."""

    def __init__(self, model: SentenceTransformer, inputs: list[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.model(dict(zip(self.inputs, tensors, strict=True)))
        return features["sentence_embedding"], features["token_embeddings"]


def export(model_folder: Path, target: Path) -> None:
    """Write ``model.onnx``, ``model.weights``, ``tokenizer.json`` and ``encoder.json`` of a model into ``target``."""
    model = SentenceTransformer(str(model_folder), device="cpu", local_files_only=True)
    model.eval()
    sample = model.preprocess(["Peace takes time.", "It is made by many."])
    inputs: list[str] = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in sample]
    with torch.no_grad():
        torch.onnx.export(
            _Chain(model, inputs),
            tuple(sample[name] for name in inputs),
            str(target / "model.onnx"),
            input_names=inputs,
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*inputs, "token_embeddings")} | {"sentence_embedding": {0: "batch"}},
            dynamo=False,
        )
    _set_weights_apart(target)
    model.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
    (target / "encoder.json").write_text(json.dumps(_description(model, inputs), indent=2), encoding="utf-8")


def _set_weights_apart(target: Path) -> None:
    # onnxruntime maps a file of weights into memory; weights inside the graph it reads, takes apart and copies: 85 MB more at the start.
    graph = target / "model.onnx"
    whole = onnx.load(graph)
    graph.unlink()
    onnx.save_model(whole, graph, save_as_external_data=True, location="model.weights", size_threshold=1024)
    (target / "model.weights").chmod(graph.stat().st_mode)


def _description(model: SentenceTransformer, inputs: list[str]) -> dict[str, Any]:
    kinds = [type(module).__name__ for module in model]
    return {
        "inputs": inputs,
        "dimension": model.get_embedding_dimension(),
        "max_tokens": model.max_seq_length,
        "pad_token": model.tokenizer.pad_token,
        "pad_id": model.tokenizer.pad_token_id,
        "question_prompt": model.prompts.get("query", ""),
        "passage_prompt": model.prompts.get("document", model.prompts.get("passage", "")),
        # A sentence's vector may be pooled from its passage's tokens only where the model itself does no more than average them.
        "averages_tokens": kinds[1:] in (["Pooling"], ["Pooling", "Normalize"]) and model[1].pooling_mode == "mean",
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    export(Path(sys.argv[1]), Path(sys.argv[2]))
