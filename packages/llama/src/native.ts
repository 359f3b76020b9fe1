import koffi from "koffi";
import { type EngineFiles, findEngineFiles } from "./engine-files.ts";
import { NativeLibrary, type Pointer, type Struct } from "./native-library.ts";
import {
  Batch,
  ChatMessage,
  ContextParams,
  ModelParams,
  QuantizeParams,
  TokenDataArray,
} from "./native-structs.ts";
import { sizeStacks } from "./size-stacks.ts";

/** The functions of llama.cpp that fuzzc uses, under their C names. */
export type Native = ReturnType<typeof loadNative>;

/**
 * Loads the engine's libraries and binds their functions; nothing of the engine runs yet.
 * @throws FuzzError FUZZ_ENGINE_MISSING, or FUZZ_ENGINE_VERSION when a function is not there.
 */
export function loadNative(files: EngineFiles = findEngineFiles()) {
  sizeStacks();
  // In this order: each needs the symbols of the ones before.
  const base = new NativeLibrary(files.ggmlBase);
  const ggml = new NativeLibrary(files.ggml);
  const llama = new NativeLibrary(files.llama);

  type Number = [Pointer, number];
  const integer = (name: string) => llama.bind<[Pointer], number>(`int32_t ${name}(void *of)`);
  const tokenFlag = (name: string) =>
    llama.bind<Number, boolean>(`bool ${name}(void *vocab, int32_t token)`);
  const free = (name: string) => llama.bind<[Pointer], void>(`void ${name}(void *what)`);

  return {
    folder: files.folder,

    // Functions whose address is handed to the engine as a callback, so that no JavaScript runs on its threads.
    /** `(const void *, void *) → true` without reading either: swallows log lines. */
    noOperation: llama.address("llama_opt_param_filter_all"),
    /** `(const ggml_tensor *) → has a dimension of 0`: the abort callback, see abort-flag.ts. */
    isEmptyTensor: base.address("ggml_is_empty"),

    ggml_is_empty: base.bind<[unknown], boolean>("bool ggml_is_empty(void *tensor)"),
    ggml_blck_size: base.bind<[number], number>("int64_t ggml_blck_size(int32_t type)"),
    ggml_type_size: base.bind<[number], number>("size_t ggml_type_size(int32_t type)"),
    ggml_backend_reg_count: ggml.bind<[], number>("size_t ggml_backend_reg_count()"),
    ggml_backend_load_all_from_path: ggml.bind<[string], void>(
      "void ggml_backend_load_all_from_path(str folder)",
    ),

    llama_version: llama.bind<[], string>("str llama_version()"),
    llama_print_system_info: llama.bind<[], string>("str llama_print_system_info()"),
    llama_log_set: llama.bind<[Pointer, null], void>("void llama_log_set(void *f, void *data)"),
    llama_backend_init: llama.bind<[], void>("void llama_backend_init()"),
    llama_max_parallel_sequences: llama.bind<[], number>("size_t llama_max_parallel_sequences()"),

    llama_model_default_params: llama.bindTyped<[], Struct>(
      "llama_model_default_params",
      ModelParams,
      [],
    ),
    llama_context_default_params: llama.bindTyped<[], Struct>(
      "llama_context_default_params",
      ContextParams,
      [],
    ),
    llama_model_quantize_default_params: llama.bindTyped<[], Struct>(
      "llama_model_quantize_default_params",
      QuantizeParams,
      [],
    ),
    llama_model_quantize: llama.bindTyped<[string, string, Struct], number>(
      "llama_model_quantize",
      "uint32_t",
      ["str", "str", koffi.pointer(QuantizeParams)],
    ),

    llama_model_load_from_file: llama.bindTyped<[string, Struct], Pointer | null>(
      "llama_model_load_from_file",
      "void *",
      ["str", ModelParams],
    ),
    llama_model_free: free("llama_model_free"),
    llama_model_get_vocab: llama.bind<[Pointer], Pointer>(
      "void *llama_model_get_vocab(void *model)",
    ),
    llama_model_n_ctx_train: integer("llama_model_n_ctx_train"),
    llama_model_n_embd: integer("llama_model_n_embd"),
    llama_model_n_layer: integer("llama_model_n_layer"),
    llama_model_n_head: integer("llama_model_n_head"),
    llama_model_n_head_kv: integer("llama_model_n_head_kv"),
    llama_model_meta_val_str: llama.bind<[Pointer, string, Uint8Array, number], number>(
      "int32_t llama_model_meta_val_str(void *model, str key, void *buffer, size_t size)",
    ),
    llama_model_chat_template: llama.bind<[Pointer, null], string | null>(
      "str llama_model_chat_template(void *model, str name)",
    ),
    llama_chat_apply_template: llama.bindTyped<
      [string, Struct[], number, boolean, Uint8Array, number],
      number
    >("llama_chat_apply_template", "int32_t", [
      "str",
      koffi.pointer(ChatMessage),
      "size_t",
      "bool",
      "void *",
      "int32_t",
    ]),

    llama_vocab_n_tokens: integer("llama_vocab_n_tokens"),
    llama_vocab_bos: integer("llama_vocab_bos"),
    llama_vocab_eos: integer("llama_vocab_eos"),
    llama_vocab_get_add_bos: llama.bind<[Pointer], boolean>(
      "bool llama_vocab_get_add_bos(void *vocab)",
    ),
    llama_vocab_is_eog: tokenFlag("llama_vocab_is_eog"),
    llama_vocab_is_control: tokenFlag("llama_vocab_is_control"),
    llama_tokenize: llama.bind<
      [Pointer, Uint8Array, number, Int32Array, number, boolean, boolean],
      number
    >(
      "int32_t llama_tokenize(void *vocab, void *text, int32_t text_len, void *tokens, int32_t n_tokens_max, bool add_special, bool parse_special)",
    ),
    llama_token_to_piece: llama.bind<
      [Pointer, number, Uint8Array, number, number, boolean],
      number
    >(
      "int32_t llama_token_to_piece(void *vocab, int32_t token, void *buf, int32_t length, int32_t lstrip, bool special)",
    ),

    llama_adapter_lora_init: llama.bind<[Pointer, string], Pointer | null>(
      "void *llama_adapter_lora_init(void *model, str path)",
    ),
    llama_adapter_lora_free: free("llama_adapter_lora_free"),
    llama_set_adapters_lora: llama.bind<[Pointer, BigUint64Array, number, Float32Array], number>(
      "int32_t llama_set_adapters_lora(void *ctx, void *adapters, size_t n_adapters, void *scales)",
    ),

    llama_init_from_model: llama.bindTyped<[Pointer, Struct], Pointer | null>(
      "llama_init_from_model",
      "void *",
      ["void *", ContextParams],
    ),
    llama_free: free("llama_free"),
    llama_set_n_threads: llama.bind<[Pointer, number, number], void>(
      "void llama_set_n_threads(void *ctx, int32_t n_threads, int32_t n_threads_batch)",
    ),
    llama_n_ctx: integer("llama_n_ctx"),
    llama_decode: llama.bindTyped<[Pointer, Struct], number>("llama_decode", "int32_t", [
      "void *",
      Batch,
    ]),
    llama_encode: llama.bindTyped<[Pointer, Struct], number>("llama_encode", "int32_t", [
      "void *",
      Batch,
    ]),
    llama_get_embeddings_seq: llama.bind<Number, Pointer | null>(
      "void *llama_get_embeddings_seq(void *ctx, int32_t seq_id)",
    ),
    llama_get_logits_ith: llama.bind<Number, Pointer | null>(
      "void *llama_get_logits_ith(void *ctx, int32_t i)",
    ),
    // C++ functions, so their names are mangled: as Itanium has it on Linux and macOS, as Microsoft has it on Windows.
    llama_set_embeddings_layer_inp: llama.bindTyped<[Pointer, number, boolean], void>(
      [
        "_Z30llama_set_embeddings_layer_inpP13llama_contextjb",
        "?llama_set_embeddings_layer_inp@@YAXPEAUllama_context@@I_N@Z",
      ],
      "void",
      ["void *", "uint32_t", "bool"],
    ),
    llama_get_embeddings_layer_inp: llama.bindTyped<Number, Pointer | null>(
      [
        "_Z30llama_get_embeddings_layer_inpP13llama_contextj",
        "?llama_get_embeddings_layer_inp@@YAPEAMPEAUllama_context@@I@Z",
      ],
      "void *",
      ["void *", "uint32_t"],
    ),

    llama_get_memory: llama.bind<[Pointer], Pointer>("void *llama_get_memory(void *ctx)"),
    llama_memory_clear: llama.bind<[Pointer, boolean], void>(
      "void llama_memory_clear(void *memory, bool data)",
    ),
    llama_memory_seq_rm: llama.bind<[Pointer, number, number, number], boolean>(
      "bool llama_memory_seq_rm(void *memory, int32_t seq_id, int32_t p0, int32_t p1)",
    ),
    llama_memory_seq_cp: llama.bind<[Pointer, number, number, number, number], void>(
      "void llama_memory_seq_cp(void *memory, int32_t from, int32_t to, int32_t p0, int32_t p1)",
    ),
    llama_state_seq_get_size: llama.bind<Number, number>(
      "size_t llama_state_seq_get_size(void *ctx, int32_t seq_id)",
    ),
    llama_state_seq_get_data: llama.bind<[Pointer, Uint8Array, number, number], number>(
      "size_t llama_state_seq_get_data(void *ctx, void *dst, size_t size, int32_t seq_id)",
    ),
    llama_state_seq_set_data: llama.bind<[Pointer, Uint8Array, number, number], number>(
      "size_t llama_state_seq_set_data(void *ctx, void *src, size_t size, int32_t seq_id)",
    ),

    llama_sampler_init_grammar: llama.bind<[Pointer, string, string], Pointer | null>(
      "void *llama_sampler_init_grammar(void *vocab, str grammar, str root)",
    ),
    llama_sampler_accept: llama.bind<Number, void>(
      "void llama_sampler_accept(void *sampler, int32_t token)",
    ),
    llama_sampler_apply: llama.bindTyped<[Pointer, Struct], void>("llama_sampler_apply", "void", [
      "void *",
      koffi.pointer(TokenDataArray),
    ]),
    llama_sampler_reset: free("llama_sampler_reset"),
    llama_sampler_clone: llama.bind<[Pointer], Pointer | null>(
      "void *llama_sampler_clone(void *sampler)",
    ),
    llama_sampler_free: free("llama_sampler_free"),
  };
}
