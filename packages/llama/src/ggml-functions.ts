import koffi from "koffi";
import { findEngineFiles } from "./engine-files.ts";
import { NativeLibrary, type Pointer, type Struct } from "./native-library.ts";

/** The functions of ggml that graphs take, under their C names. */
export type GgmlFunctions = ReturnType<typeof bindGgml>;

/** `struct ggml_init_params` */
const InitParams = koffi.struct({ mem_size: "size_t", mem_buffer: "void *", no_alloc: "bool" });
const setThreads = koffi.proto("void fuzzc_set_threads(void *backend, int threads)");

/**
 * Binds ggml's functions out of the libraries in `folder`, which the engine has loaded and checked.
 * @throws FuzzError FUZZ_ENGINE_MISSING, FUZZ_ENGINE_VERSION
 */
export function bindGgml(folder: string) {
  const files = findEngineFiles(folder);
  const base = new NativeLibrary(files.ggmlBase);
  const ggml = new NativeLibrary(files.ggml);

  const unary = (name: string) =>
    base.bind<[Pointer, Pointer], Pointer>(`void *${name}(void *ctx, void *a)`);
  const binary = (name: string) =>
    base.bind<[Pointer, Pointer, Pointer], Pointer>(`void *${name}(void *ctx, void *a, void *b)`);
  const rope = (name: string) =>
    base.bind<[Pointer, Pointer, Pointer, Pointer | null, ...number[]], Pointer>(
      `void *${name}(void *ctx, void *a, void *b, void *c, int n_dims, int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)`,
    );
  const softMax = (name: string) =>
    base.bind<[Pointer, Pointer, Pointer | null, number, number], Pointer>(
      `void *${name}(void *ctx, void *a, void *b, float scale, float max_bias)`,
    );
  const free = (name: string) => base.bind<[Pointer], void>(`void ${name}(void *what)`);
  const copy = (name: string) =>
    base.bind<[Pointer, ArrayBufferView, number, number], void>(
      `void ${name}(void *tensor, void *data, size_t offset, size_t size)`,
    );

  return {
    ggml_init: base.bindTyped<[Struct], Pointer | null>("ggml_init", "void *", [InitParams]),
    ggml_free: free("ggml_free"),
    ggml_tensor_overhead: base.bind<[], number>("size_t ggml_tensor_overhead()"),
    ggml_graph_overhead_custom: base.bind<[number, boolean], number>(
      "size_t ggml_graph_overhead_custom(size_t size, bool grads)",
    ),
    ggml_blck_size: base.bind<[number], number>("int64_t ggml_blck_size(int type)"),
    ggml_type_size: base.bind<[number], number>("size_t ggml_type_size(int type)"),
    ggml_nbytes: base.bind<[Pointer], number>("size_t ggml_nbytes(void *tensor)"),
    ggml_set_input: free("ggml_set_input"),
    ggml_set_output: free("ggml_set_output"),

    ggml_new_tensor_4d: base.bind<[Pointer, number, number, number, number, number], Pointer>(
      "void *ggml_new_tensor_4d(void *ctx, int type, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3)",
    ),
    ggml_mul_mat: binary("ggml_mul_mat"),
    ggml_out_prod: binary("ggml_out_prod"),
    ggml_add: binary("ggml_add"),
    ggml_mul: binary("ggml_mul"),
    ggml_sigmoid: unary("ggml_sigmoid"),
    ggml_silu: unary("ggml_silu"),
    ggml_silu_back: binary("ggml_silu_back"),
    ggml_log: unary("ggml_log"),
    ggml_argmax: unary("ggml_argmax"),
    ggml_cont: unary("ggml_cont"),
    ggml_transpose: unary("ggml_transpose"),
    ggml_cpy: binary("ggml_cpy"),
    ggml_get_rows: binary("ggml_get_rows"),
    ggml_get_rows_back: base.bind<[Pointer, Pointer, Pointer, Pointer], Pointer>(
      "void *ggml_get_rows_back(void *ctx, void *a, void *b, void *c)",
    ),
    ggml_cast: base.bind<[Pointer, Pointer, number], Pointer>(
      "void *ggml_cast(void *ctx, void *a, int type)",
    ),
    ggml_scale_bias: base.bind<[Pointer, Pointer, number, number], Pointer>(
      "void *ggml_scale_bias(void *ctx, void *a, float s, float b)",
    ),
    ggml_rms_norm: base.bind<[Pointer, Pointer, number], Pointer>(
      "void *ggml_rms_norm(void *ctx, void *a, float eps)",
    ),
    ggml_rms_norm_back: base.bind<[Pointer, Pointer, Pointer, number], Pointer>(
      "void *ggml_rms_norm_back(void *ctx, void *a, void *b, float eps)",
    ),
    ggml_rope_ext: rope("ggml_rope_ext"),
    ggml_rope_ext_back: rope("ggml_rope_ext_back"),
    ggml_soft_max_ext: softMax("ggml_soft_max_ext"),
    ggml_soft_max_ext_back_inplace: softMax("ggml_soft_max_ext_back_inplace"),
    ggml_permute: base.bind<[Pointer, Pointer, number, number, number, number], Pointer>(
      "void *ggml_permute(void *ctx, void *a, int axis0, int axis1, int axis2, int axis3)",
    ),
    ggml_reshape_4d: base.bind<[Pointer, Pointer, number, number, number, number], Pointer>(
      "void *ggml_reshape_4d(void *ctx, void *a, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3)",
    ),

    ggml_new_graph_custom: base.bind<[Pointer, number, boolean], Pointer>(
      "void *ggml_new_graph_custom(void *ctx, size_t size, bool grads)",
    ),
    ggml_build_forward_expand: base.bind<[Pointer, Pointer], void>(
      "void ggml_build_forward_expand(void *graph, void *tensor)",
    ),
    ggml_graph_n_nodes: base.bind<[Pointer], number>("int ggml_graph_n_nodes(void *graph)"),

    ggml_gallocr_new: base.bind<[Pointer], Pointer>("void *ggml_gallocr_new(void *buft)"),
    ggml_gallocr_free: free("ggml_gallocr_free"),
    ggml_gallocr_alloc_graph: base.bind<[Pointer, Pointer], boolean>(
      "bool ggml_gallocr_alloc_graph(void *galloc, void *graph)",
    ),
    ggml_gallocr_get_buffer_size: base.bind<[Pointer, number], number>(
      "size_t ggml_gallocr_get_buffer_size(void *galloc, int buffer_id)",
    ),

    ggml_backend_init_by_type: ggml.bind<[number, null], Pointer | null>(
      "void *ggml_backend_init_by_type(int type, void *params)",
    ),
    ggml_backend_free: free("ggml_backend_free"),
    ggml_backend_get_device: base.bind<[Pointer], Pointer>(
      "void *ggml_backend_get_device(void *backend)",
    ),
    ggml_backend_dev_backend_reg: base.bind<[Pointer], Pointer>(
      "void *ggml_backend_dev_backend_reg(void *device)",
    ),
    ggml_backend_reg_get_proc_address: base.bind<[Pointer, string], Pointer | null>(
      "void *ggml_backend_reg_get_proc_address(void *reg, str name)",
    ),
    ggml_backend_get_default_buffer_type: base.bind<[Pointer], Pointer>(
      "void *ggml_backend_get_default_buffer_type(void *backend)",
    ),
    ggml_backend_alloc_ctx_tensors: base.bind<[Pointer, Pointer], Pointer | null>(
      "void *ggml_backend_alloc_ctx_tensors(void *ctx, void *backend)",
    ),
    ggml_backend_buffer_free: free("ggml_backend_buffer_free"),
    ggml_backend_buffer_get_size: base.bind<[Pointer], number>(
      "size_t ggml_backend_buffer_get_size(void *buffer)",
    ),
    ggml_backend_tensor_set: copy("ggml_backend_tensor_set"),
    ggml_backend_tensor_get: copy("ggml_backend_tensor_get"),
    ggml_backend_graph_compute: base.bind<[Pointer, Pointer], number>(
      "int ggml_backend_graph_compute(void *backend, void *graph)",
    ),
    /** Calls `ggml_backend_set_n_threads`, which each backend brings itself, by its address. */
    callSetThreads(address: Pointer, backend: Pointer, threads: number): void {
      koffi.call(address, setThreads, backend, threads);
    },
  };
}
