import { globSync, readFileSync } from 'node:fs';

/** One Markdown file of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
  /** The text without fenced blocks and code spans: where links are links. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

/** A fenced block. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** What the HTML comment on the line before it says; '' without one. */
  readonly note: string;
  readonly line: number;
}

/** Every page that people read. */
export function pages(): Page[] {
  return globSync(['*.md', '{docs,bench,examples,test,.ci}/**/*.md']).toSorted().map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const fence = /(?:^<!-- ([^\n]*) -->\n)?^```(\w*)\n(.*?)^```$/gms;
  const blocks = [...text.matchAll(fence)].map((match): Block => {
    const [, note = '', language = '', inside = ''] = match;
    return { language, note, text: inside, line: text.slice(0, match.index).split('\n').length };
  });
  const prose = text.replaceAll(fence, (block) => block.replaceAll(/[^\n]/g, '')).replaceAll(/`[^`\n]*`/g, 'code');
  return { path, text, prose, blocks };
}
