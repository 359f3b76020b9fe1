/** A growing buffer of little-endian values. */
export class GgufOutput {
  length = 0;
  #buffer = new Uint8Array(4096);
  #view = new DataView(this.#buffer.buffer);

  /** What was written so far, as a view. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  append(bytes: Uint8Array): void {
    const start = this.length;
    this.#grow(bytes.length);
    this.#buffer.set(bytes, start);
  }

  uint8(value: number): void {
    this.#at(1).setUint8(this.length - 1, value);
  }
  int8(value: number): void {
    this.#at(1).setInt8(this.length - 1, value);
  }
  uint16(value: number): void {
    this.#at(2).setUint16(this.length - 2, value, true);
  }
  int16(value: number): void {
    this.#at(2).setInt16(this.length - 2, value, true);
  }
  uint32(value: number): void {
    this.#at(4).setUint32(this.length - 4, value, true);
  }
  int32(value: number): void {
    this.#at(4).setInt32(this.length - 4, value, true);
  }
  float32(value: number): void {
    this.#at(4).setFloat32(this.length - 4, value, true);
  }
  float64(value: number): void {
    this.#at(8).setFloat64(this.length - 8, value, true);
  }
  uint64(value: bigint): void {
    this.#at(8).setBigUint64(this.length - 8, value, true);
  }
  int64(value: bigint): void {
    this.#at(8).setBigInt64(this.length - 8, value, true);
  }

  #at(size: number): DataView {
    this.#grow(size);
    return this.#view;
  }

  #grow(size: number): void {
    this.length += size;
    if (this.length > this.#buffer.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(this.length)));
      larger.set(this.#buffer);
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
  }
}
