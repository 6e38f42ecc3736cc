import type { StoreTime } from '../../health/index.ts';
import { escaped } from './escape.ts';
import { minuteText } from './shown-state.ts';
import type { StateWords } from './state-words.ts';

/** Width of a character at 11 px, of the padding of each half, px. */
const CHARACTER = 7;
const PADDING = 12;

/** An image of two halves, name and state. It has no script, no style and no reference. */
export function badge(name: string, { symbol, word, colour }: StateWords, evidenceAt: StoreTime | null): string {
  const state = `${symbol} ${word}`;
  const left = [...name].length * CHARACTER + PADDING;
  const right = [...state].length * CHARACTER + PADDING;
  const width = left + right;
  const isDated = evidenceAt === null || word.includes(' as of ');
  const label = escaped(`${name}: ${word}${isDated ? '' : `, by evidence of ${minuteText(evidenceAt)}`}`);
  const text = (x: number, shown: string): string =>
    `<text x="${x}" y="14" text-anchor="middle" fill="#fff" font-family="Verdana,sans-serif" font-size="11">${escaped(shown)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<rect width="${left}" height="20" fill="#33383e"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colour}"/>`,
    text(left / 2, name),
    text(left + right / 2, state),
    '</svg>',
  ].join('');
}
