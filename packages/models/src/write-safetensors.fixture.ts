import type { SafeTensor } from "./read-safetensors.ts";

/** A safetensors file; `changes` are laid over the header's entries, to make them wrong. */
export function writeSafetensors(
  tensors: Record<string, SafeTensor>,
  changes: Record<string, object> = {},
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const data_offsets = [end, end + data.length];
    end += data.length;
    return [name, { dtype, shape, data_offsets, ...changes[name] }];
  });
  const header = { __metadata__: { format: "pt" }, ...Object.fromEntries(entries) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let position = 8 + text.length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(data, position);
    position += data.length;
  }
  return bytes;
}
