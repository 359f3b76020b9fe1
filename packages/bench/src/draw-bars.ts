/** A bar with its interval; shares from 0 to 1. */
export interface Bar {
  name: string;
  share: number;
  interval: readonly [low: number, high: number];
}

export interface BarGroup {
  title: string;
  bars: readonly Bar[];
}

// Pixels.
const nameWidth = 330;
const barWidth = 340;
const rowHeight = 20;
const titleHeight = 28;
const margin = 12;

/** An SVG of horizontal bars, from 0 to 100 %, each with the line of its interval; groups below each other. */
export function drawBars(title: string, groups: readonly BarGroup[]): string {
  const parts: string[] = [text(margin, 24, title, 'font-size="16" font-weight="bold"')];
  let y = 24 + margin;
  for (const group of groups) {
    y += titleHeight;
    parts.push(text(margin, y - 8, group.title, 'font-weight="bold"'));
    for (const bar of group.bars) {
      parts.push(...drawBar(bar, y));
      y += rowHeight;
    }
  }
  const width = nameWidth + barWidth + 60;
  const height = y + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function drawBar({ name, share, interval: [low, high] }: Bar, y: number): string[] {
  const at = (value: number) => (nameWidth + barWidth * value).toFixed(1);
  const middle = y + rowHeight / 2;
  return [
    text(nameWidth - 8, middle + 4, name, 'text-anchor="end"'),
    `<rect x="${nameWidth}" y="${y + 3}" width="${(barWidth * share).toFixed(1)}" height="${rowHeight - 6}" fill="#7aa6d8"/>`,
    `<line x1="${at(low)}" y1="${middle}" x2="${at(high)}" y2="${middle}" stroke="#1d3b5c" stroke-width="2"/>`,
    text(nameWidth + barWidth * Math.max(share, high) + 6, middle + 4, (100 * share).toFixed(1)),
  ];
}

const text = (x: number, y: number, content: string, attributes = "") =>
  `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escapeXml(content)}</text>`;

const escapeXml = (content: string) =>
  content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
