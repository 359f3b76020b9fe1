/** An element of an XML document. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const tokens = /<\?xml [^>]*\?>|<(\/?)([A-Za-z]+)((?: [A-Za-z]+="[^"<]*")*)(\/?)>|([^<>]+)/y;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/**
 * Reads what this package writes of XML: elements, attributes, text and references.
 * @throws Error where it is not well-formed
 */
export function readXml(xml: string): XmlElement[] {
  const top: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < xml.length) {
    const at = tokens.lastIndex;
    const match = tokens.exec(xml);
    if (match === null) {
      throw new Error(`Not XML: ${xml.slice(at, at + 80)}`);
    }
    const [, isEnd, name, written = "", isEmpty, text] = match;
    const parent = open.at(-1) as XmlElement;
    if (text !== undefined) {
      parent.text += decode(text);
    } else if (isEnd) {
      if (open.pop()?.name !== name) {
        throw new Error(`${name} ends where it is not open`);
      }
    } else if (name !== undefined) {
      const pairs = [...written.matchAll(/ ([A-Za-z]+)="([^"]*)"/g)];
      const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key, decode(value!)]));
      if (Object.keys(attributes).length !== pairs.length) {
        throw new Error(`${name} has an attribute twice`);
      }
      const element = { name, attributes, children: [], text: "" };
      parent.children.push(element);
      if (!isEmpty) {
        open.push(element);
      }
    }
  }
  if (open.length !== 1) {
    throw new Error(`${open.at(-1)?.name} has no end`);
  }
  return top.children;
}

function decode(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  if (/[\p{Cs}\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/u.test(text)) {
    throw new Error("It has a character that XML can't hold");
  }
  return text.replace(/&(?:#(\d+)|(\w+))?;?/g, (whole, code?: string, name?: string) => {
    const character = code ? String.fromCodePoint(Number(code)) : entities[name ?? ""];
    if (character === undefined || !whole.endsWith(";")) {
      throw new Error(`${whole} is no reference`);
    }
    return character;
  });
}
