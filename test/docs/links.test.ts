import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { pages, readPage } from './markdown.ts';
import type { Page } from './markdown.ts';

const all = pages();

it.each(all)('every link in $path leads to a file, and to a heading of it', (page) => {
  const broken = linksOf(page).filter((link) => !resolves(page, link));
  expect(broken).toEqual([]);
});

it.each(all)('every link in $path whose text is a file name leads to that file', (page) => {
  expect(fileLinksOf(page).filter((link) => !leadsToNamedFile(page, link))).toEqual([]);
});

it('finds links named for a file, and those that lead to another file', () => {
  const page = readPage('docs/explanation/one-probe.md');
  const links = fileLinksOf(page);
  expect(links.length).toBeGreaterThan(10);
  const [{ address } = { address: '' }] = links;
  expect(leadsToNamedFile(page, { name: 'no-such.ts', address })).toBe(false);
});

it('finds links, and those that lead nowhere', () => {
  const page = readPage('docs/README.md');
  expect(linksOf(page).length).toBeGreaterThan(10);
  for (const link of ['no-such.md', 'reference/cli.md#no-such', '#no-such', '../no-such/']) {
    expect(resolves(page, link), link).toBe(false);
  }
});

it('every page under docs can be reached from its map', () => {
  const reached = new Set<string>();
  const follow = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    const page = readPage(path);
    for (const link of linksOf(page)) {
      const target = fileOf(page, link);
      if (target.startsWith('docs/') && target.endsWith('.md') && existsSync(target)) follow(target);
    }
  };
  follow('docs/README.md');
  const pagesOfDocs = all.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
  expect(pagesOfDocs.filter((path) => !reached.has(path))).toEqual([]);
});

function linksOf({ text, prose }: Page): string[] {
  // A link's text may be a code span, its address is none.
  const inProse = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return inProse.filter((link) => !/^[a-z]+:/.test(link) && text.includes(link));
}

interface FileLink {
  readonly name: string;
  readonly address: string;
}

/** Links of which the text is a file name, with or without folders. */
function fileLinksOf({ text }: Page): FileLink[] {
  const links = text.matchAll(/\[`?((?:[\w.-]+\/)*[\w.-]+\.(?:ts|js|json|md|lua|yaml|yml|sh))`?\]\(([^)\s]+)\)/g);
  const named = [...links].map(([, name = '', address = '']) => ({ name, address }));
  return named.filter(({ address }) => !/^[a-z]+:/.test(address));
}

function leadsToNamedFile(page: Page, { name, address }: FileLink): boolean {
  return `/${fileOf(page, address)}`.endsWith(`/${name}`);
}

function fileOf({ path }: Page, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? path : normalize(join(dirname(path), file));
}

function resolves(page: Page, link: string): boolean {
  const file = fileOf(page, link);
  if (!existsSync(file)) return false;
  const anchor = link.split('#')[1];
  return anchor === undefined || (file.endsWith('.md') && anchorsOf(readPage(file)).includes(anchor));
}

/** Headings as GitHub turns them into anchors. */
function anchorsOf({ text }: Page): string[] {
  const outside = text.replaceAll(/^```.*?^```$/gms, '');
  return [...outside.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
