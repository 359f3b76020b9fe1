/** A longer first line is no header; it keeps a file without line breaks out of memory. */
export const maxHeaderBytes = 1 << 20;

const byteOrderMark = "\uFEFF";

/**
 * The column names in the first line of a CSV text, as RFC 4180 writes them. A column without a name, as tables with row
 * numbers have it, is called by its place: column1.
 * @param text the file's beginning, at most `maxHeaderBytes` of it
 * @param delimiter one character
 * @returns undefined where the line is empty, or no CSV with this delimiter
 */
export function parseCsvHeader(text: string, delimiter: string): string[] | undefined {
  const line = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  const field = new RegExp(
    `("(?:[^"]|"")*"|[^"${delimiter}\\r\\n]*)([${delimiter}]|\\r|\\n|$)`,
    "y",
  );
  const names: string[] = [];
  let end: string | undefined;
  do {
    const match = field.exec(line);
    if (match === null) {
      return undefined;
    }
    const word = match[1] as string;
    const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
    names.push(name || `column${names.length + 1}`);
    end = match[2];
  } while (end === delimiter);
  return /^[\r\n]|^$/.test(line) ? undefined : names;
}
