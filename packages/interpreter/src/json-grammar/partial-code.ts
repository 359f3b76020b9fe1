/** A code point of which the first bytes of its UTF-8 are known. */
export interface PartialCode {
  bits: number;
  /** How many bytes are still to come. */
  missing: number;
  /** The smallest code point that may be written with so many bytes. */
  smallest: number;
}

/** The code point that `byte` is or begins; undefined when none can begin with it. */
export function beginCode(byte: number): number | PartialCode | undefined {
  if (byte < 0x80) {
    return byte;
  }
  if (byte >= 0xc2 && byte <= 0xdf) {
    return { bits: byte & 0x1f, missing: 1, smallest: 0x80 };
  }
  if (byte >= 0xe0 && byte <= 0xef) {
    return { bits: byte & 0x0f, missing: 2, smallest: 0x800 };
  }
  if (byte >= 0xf0 && byte <= 0xf4) {
    return { bits: byte & 0x07, missing: 3, smallest: 0x10000 };
  }
  return undefined;
}

/** The code point with one byte more; undefined when the byte can't follow. */
export function continueCode(
  { bits, missing, smallest }: PartialCode,
  byte: number,
): number | PartialCode | undefined {
  if ((byte & 0xc0) !== 0x80) {
    return undefined;
  }
  const more = (bits << 6) | (byte & 0x3f);
  if (missing > 1) {
    return { bits: more, missing: missing - 1, smallest };
  }
  return more < smallest ? undefined : more;
}

/** The smallest and the largest code point that it can become; the first is larger when there is none. */
export function codeBounds({ bits, missing, smallest }: PartialCode): [low: number, high: number] {
  const low = bits << (6 * missing);
  return [Math.max(smallest, low), low | ((1 << (6 * missing)) - 1)];
}
