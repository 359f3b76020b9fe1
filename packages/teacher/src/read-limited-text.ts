import type { FuzzError } from "@fuzzc/program";

/**
 * The text of a body, as it is after unpacking, which is where a small one may become a huge one.
 * @param tooLarge the error for more than `maxBytes`.
 * @returns the text; bytes that are not UTF-8 become the replacement character.
 * @throws what the stream throws
 */
export async function readLimitedText(
  response: Response,
  {
    maxBytes,
    tooLarge,
    onPiece,
  }: { maxBytes: number; tooLarge: () => FuzzError; onPiece: () => void },
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the body.
  for await (const piece of response.body ?? []) {
    onPiece();
    size += piece.length;
    if (size > maxBytes) {
      throw tooLarge();
    }
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}
