import koffi from "koffi";

/**
 * Gives native calls stacks as large as C++ expects. By default koffi runs calls on worker threads with 128 kB, which
 * the engine's recursions over a grammar or a graph can overrun; koffi allows a change only before the first library.
 */
export function sizeStacks(): void {
  try {
    koffi.config({
      ...koffi.config(),
      sync_stack_size: 8 * 1024 ** 2,
      async_stack_size: 4 * 1024 ** 2,
    });
  } catch {
    // Another part of the program has loaded a library already; its sizes stay.
  }
}
