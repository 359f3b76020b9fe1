"""Write a trained compiler as `manifest.json` and `weights.gguf`, the form fuzzc reads.

python -m fuzzc_training.export --base BASE.gguf --run training/runs/smol --to compilers/smol
"""

import argparse
import hashlib
import json
from pathlib import Path

import gguf
import numpy as np
import torch

from .base import MODULES, Base
from .compiler import Compiler, head_of, scale_coefficients
from .learner import load_checkpoint
from .read_gguf import load_base

BASE_MODEL = {
    "name": "smollm2-135m-instruct",
    "sourceSha256": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    "quantisation": "Q8_0",
}


def tensors_of(compiler: Compiler) -> dict[str, np.ndarray]:
    """Every tensor by its name in the file; matrices are two-dimensional, B's transposed so that
    the rows are long enough for Q8_0."""
    head_weight, head_bias = head_of(compiler)
    values: dict[str, torch.Tensor] = {
        "features.mean": compiler.features_mean,
        "features.std": compiler.features_std,
        "trunk.weight": compiler.trunk.weight,
        "trunk.bias": compiler.trunk.bias,
        "head.weight": head_weight,
        "head.bias": head_bias,
    }
    if compiler.backbone is not None:
        values["backbone.prefix"] = compiler.backbone.prefix
        for name, a in compiler.backbone.a.items():
            values[f"backbone.{name}.a"] = a
            values[f"backbone.{name}.b"] = compiler.backbone.b[name].T
    for module in MODULES:
        a, b = compiler.bases_a[module], compiler.bases_b[module].transpose(1, 2)
        values[f"bases.{module}.a"] = a.reshape(-1, a.shape[-1])
        values[f"bases.{module}.b"] = b.reshape(-1, b.shape[-1])
        for index, layer in enumerate(compiler.layers):
            values[f"shared.{layer}.{module}.a"] = compiler.shared_a[module][index]
            values[f"shared.{layer}.{module}.b"] = compiler.shared_b[module][index].T
    return {
        name: np.ascontiguousarray(value.detach().float().cpu().numpy())
        for name, value in values.items()
    }


def write_weights(path: Path, tensors: dict[str, np.ndarray]) -> None:
    """Matrices in Q8_0, vectors in F32."""
    writer = gguf.GGUFWriter(path, "fuzzc-compiler")
    for name, values in tensors.items():
        if values.ndim == 1:
            writer.add_tensor(name, values)
            continue
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def load_weights(compiler: Compiler, path: Path) -> None:
    """Put the values of a written file, with what Q8_0 lost, back into a compiler."""
    stored = {
        tensor.name: torch.from_numpy(np.array(gguf.dequantize(tensor.data, tensor.tensor_type)))
        for tensor in gguf.GGUFReader(path).tensors
    }
    with torch.no_grad():
        compiler.features_mean.copy_(stored["features.mean"])
        compiler.features_std.copy_(stored["features.std"])
        for name, layer in (("trunk", compiler.trunk), ("head", compiler.head)):
            layer.weight.copy_(stored[f"{name}.weight"])
            layer.bias.copy_(stored[f"{name}.bias"])
        for module in MODULES:
            a, b = compiler.bases_a[module], compiler.bases_b[module]
            a.copy_(stored[f"bases.{module}.a"].view_as(a))
            b.copy_(stored[f"bases.{module}.b"].view(b.shape[0], b.shape[2], b.shape[1]).mT)
            for index, layer in enumerate(compiler.layers):
                compiler.shared_a[module][index] = stored[f"shared.{layer}.{module}.a"]
                compiler.shared_b[module][index] = stored[f"shared.{layer}.{module}.b"].T


def manifest_of(
    compiler: Compiler,
    base: Base,
    weights: Path,
    name: str,
    version: str,
    base_model: dict,
    training: dict,
) -> dict:
    config = compiler.config
    return {
        "format": "fuzzc-compiler-1",
        "name": name,
        "version": version,
        "license": "Apache-2.0",
        "base": base_model,
        "architecture": base.config.architecture,
        "prompt": "chat-1",
        "features": {
            "layers": list(config.feature_layers),
            "combine": config.combine,
            "positions": {"last": config.prefix_tokens} if config.prefix_tokens else "task",
        },
        "trunkSize": config.trunk,
        "adapter": {
            "layers": list(compiler.layers),
            "modules": list(MODULES),
            "rank": config.rank,
            "alpha": config.alpha,
            "bases": config.bases,
            "dims": {module: list(base.config.dims(module)) for module in MODULES},
        },
        "heads": base.config.heads,
        "kvHeads": base.config.kv_heads,
        "weights": {
            "file": weights.name,
            "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            "sizeBytes": weights.stat().st_size,
        },
        "training": training,
    }


def write_compiler(
    compiler: Compiler, base: Base, to: Path, name: str, version: str, base_model: dict, state: dict
) -> Path:
    """Both files; `state` is the checkpoint's: how much the compiler has seen."""
    to.mkdir(parents=True, exist_ok=True)
    weights = to / "weights.gguf"
    write_weights(weights, tensors_of(compiler))
    training = {"cases": state["seen"], "steps": state["step"]}
    manifest = manifest_of(compiler, base, weights, name, version, base_model, training)
    text = json.dumps(manifest, indent=2) + "\n"
    (to / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--version", default="0.2.0")
    parser.add_argument(
        "--departures", type=float, default=1.0, help="factor on all coefficients (LOG.md)"
    )
    options = parser.parse_args()
    base = load_base(options.base)
    compiler, state = load_checkpoint(base, options.run)
    if compiler.backbone is not None:
        raise SystemExit("fuzzc can't run a compiler whose backbone has an adapter: not exported")
    scale_coefficients(compiler, options.departures)
    weights = write_compiler(compiler, base, options.to, "smol", options.version, BASE_MODEL, state)
    print(f"{weights}: {weights.stat().st_size:,} bytes, {state['seen']:,} cases")


if __name__ == "__main__":
    main()
