const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** The value of each of the 65,536 float16 patterns; made at first use. */
let table: Float32Array | undefined;

/** IEEE 754 binary16, round to nearest even, as GGML_FP32_TO_FP16. Too large gives infinity. */
export function toFloat16Bits(value: number): number {
  floats[0] = value;
  const pattern = bits[0] as number;
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    return sign | 0x7e00; // NaN
  }
  if (magnitude >= 0x477ff000) {
    return sign | 0x7c00; // 65520 and more round to infinity
  }
  if (magnitude >= 0x38800000) {
    const rebiased = magnitude - 0x38000000;
    return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
  }
  // Subnormal: 0.5 as a float32 has the unit 2^-24 in its last bit, so that adding it rounds for us.
  floats[0] = Math.abs(floats[0] as number) + 0.5;
  return sign | ((bits[0] as number) - 0x3f000000);
}

/** The value of a float16 pattern. */
export function fromFloat16Bits(pattern: number): number {
  table ??= makeTable();
  return table[pattern & 0xffff] as number;
}

function makeTable(): Float32Array {
  const values = new Float32Array(65_536);
  for (let pattern = 0; pattern < 65_536; pattern++) {
    const exponent = (pattern >>> 10) & 31;
    const mantissa = pattern & 1023;
    const sign = pattern & 0x8000 ? -1 : 1;
    if (exponent === 0) {
      values[pattern] = sign * mantissa * 2 ** -24;
    } else if (exponent === 31) {
      values[pattern] = mantissa === 0 ? sign * Infinity : Number.NaN;
    } else {
      values[pattern] = sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
    }
  }
  return values;
}
