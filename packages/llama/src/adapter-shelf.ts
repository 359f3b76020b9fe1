import { Adapter, hashAdapter, loadAdapterBytes } from "./adapter.ts";
import type { AdapterBase } from "./check-adapter.ts";
import type { Lock } from "./lock.ts";
import type { Native } from "./native.ts";
import { callAsync, type Pointer } from "./native-library.ts";

/** What adapters are loaded for. */
export interface AdapterOwner {
  native: Native;
  base: AdapterBase;
  lock: Lock;
  /** The model's pointer. @throws FuzzError FUZZ_DISPOSED */
  live(): Pointer;
  /** Takes an adapter off wherever it is set, before it is freed. */
  takeOff(adapter: Adapter): Promise<void> | void;
}

/** The adapters of one model: the same bytes are loaded once. */
export class AdapterShelf {
  readonly #owner: AdapterOwner;
  readonly #adapters = new Map<string, { adapter: Adapter; users: number }>();

  constructor(owner: AdapterOwner) {
    this.#owner = owner;
  }

  /**
   * Loads an adapter from its GGUF bytes, or gives the one that it has; dispose it once for each call.
   * @throws FuzzError see `checkAdapter`
   */
  load(bytes: Uint8Array): Promise<Adapter> {
    const { native, base, lock, live } = this.#owner;
    return lock.run(async () => {
      const model = live();
      const sha256 = hashAdapter(bytes);
      const known = this.#adapters.get(sha256);
      if (known !== undefined) {
        known.users++;
        return known.adapter;
      }
      const loaded = await loadAdapterBytes(native, model, bytes, sha256, base);
      const adapter = new Adapter(loaded.pointer, sha256, loaded.targets, (one) =>
        this.#release(one),
      );
      this.#adapters.set(sha256, { adapter, users: 1 });
      return adapter;
    });
  }

  /** Frees all of them; for the owner, which holds its lock. */
  async clear(): Promise<void> {
    for (const { adapter } of this.#adapters.values()) {
      await this.#free(adapter);
    }
  }

  #release(adapter: Adapter): Promise<void> {
    return this.#owner.lock.run(async () => {
      const known = this.#adapters.get(adapter.sha256);
      if (known === undefined || known.adapter !== adapter) {
        return;
      }
      known.users--;
      if (known.users === 0) {
        await this.#free(adapter);
      }
    });
  }

  async #free(adapter: Adapter): Promise<void> {
    const { native, takeOff } = this.#owner;
    const { pointer } = adapter;
    this.#adapters.delete(adapter.sha256);
    adapter.forget();
    await takeOff(adapter);
    await callAsync(native.llama_adapter_lora_free, pointer);
  }
}
