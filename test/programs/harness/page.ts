import { readPage } from '../../docs/markdown.ts';

/**
 * A configuration as a page shows it, so that what is shown is what is run. `replace` has the reader's own values, each of
 * which must be there.
 */
export function configOf(
  page: string,
  { language, note }: { language: string; note: string },
  replace: Readonly<Record<string, string>>,
): string {
  const found = readPage(`docs/how-to/${page}`).blocks.filter((one) => one.language === language && one.note === note);
  const [block] = found;
  if (block === undefined || found.length > 1) throw new Error(`${page}: ${found.length} blocks ${language} ${note}`);
  return Object.entries(replace).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${page}: ${from} is not in the block ${note}`);
    return text.replaceAll(from, to);
  }, block.text);
}
