import type { Native } from "./native.ts";
import { wrongBuild } from "./native-library.ts";

/** The one build of llama.cpp whose C layouts native-structs.ts describes. */
export const engineVersion = "0.5.0-dev";

// Defaults of that build from the first, the middle and the last member of each struct: a member that was added, removed
// or resized moves at least one of them.
const modelDefaults = {
  devices: null,
  n_gpu_layers: -1,
  split_mode: 1,
  load_mode: -1,
  lazy_mode: 1,
  main_gpu: 0,
  kv_overrides: null,
  use_extra_bufts: true,
  no_alloc: false,
  load_mtp: false,
};
const contextDefaults = {
  n_ctx: 512,
  n_batch: 2048,
  n_ubatch: 512,
  n_seq_max: 1,
  n_outputs_max_per_seq: 1,
  n_threads: 4,
  n_threads_batch: 4,
  rope_scaling_type: -1,
  flash_attn_type: -1,
  yarn_ext_factor: -1,
  defrag_thold: -1,
  cb_eval: null,
  type_k: 1,
  type_v: 1,
  abort_callback: null,
  embeddings: false,
  offload_kqv: true,
  no_perf: true,
  op_offload: true,
  swa_full: true,
  kv_unified: false,
  n_samplers: 0,
  ctx_other: null,
};
const quantizeDefaults = {
  nthread: 0,
  ftype: 7,
  output_tensor_type: 43,
  token_embedding_type: 43,
  allow_requantize: false,
  quantize_output_tensor: true,
  pure: false,
  imatrix: null,
  prune_layers: null,
  max_buf_size: 8 * 1024 ** 3,
};

/**
 * Checks that the loaded libraries are the pinned build, before any struct is passed to them.
 * @throws FuzzError FUZZ_ENGINE_VERSION
 */
export function verifyBuild(native: Native): void {
  const version = native.llama_version();
  if (version !== engineVersion) {
    throw wrongBuild(native.folder, `its version is ${version}, not ${engineVersion}`);
  }
  const structs = {
    llama_model_params: [native.llama_model_default_params(), modelDefaults],
    llama_context_params: [native.llama_context_default_params(), contextDefaults],
    llama_model_quantize_params: [native.llama_model_quantize_default_params(), quantizeDefaults],
  } as const;
  for (const [name, [actual, expected]] of Object.entries(structs)) {
    for (const [member, value] of Object.entries(expected)) {
      if (actual[member] !== value) {
        throw wrongBuild(native.folder, `${name}.${member} is ${actual[member]}, not ${value}`);
      }
    }
  }
}
