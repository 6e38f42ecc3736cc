import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseSync } from '@swc/core';
import { describe, expect, it } from 'vitest';
import { STOP_LIST } from './stop-list.ts';

interface Text {
  readonly where: string;
  readonly text: string;
}

const sources = globSync('src/**/*.ts').filter((file) => !file.endsWith('.test.ts') && !file.includes('.generated.'));
const pages = globSync('{*.md,docs/**/*.md,test/**/README.md}');

/** Strings of a source file that a person may read: those of more than one word. */
function sentencesOf(file: string): Text[] {
  const texts: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'StringLiteral' && 'value' in node) texts.push(String(node.value));
    if ('type' in node && node.type === 'TemplateElement' && 'cooked' in node) texts.push(String(node.cooked));
    for (const child of Object.values(node)) visit(child);
  };
  visit(parse(file));
  return texts.filter((text) => /\w\s+\w/.test(text)).map((text) => ({ where: file, text }));
}

function parse(file: string): ReturnType<typeof parseSync> {
  return parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2024' });
}

/** Comments of a source file, each on one line: a phrase may go on in the next line. */
function commentsOf(file: string): Text[] {
  const source = readFileSync(file, 'utf8');
  return Array.from(source.matchAll(comment), ({ 0: text, index }) => ({
    where: `${file}:${source.slice(0, index).split('\n').length}`,
    text: text.replaceAll(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' '),
  }));
}

/** A block, several lines in a row, or the end of a line of code. */
const comment = /\/\*[^]*?\*\/|(?:^[^\S\n]*\/\/.*\n)+|(?<=\s)\/\/.*/gm;

/** Lines of a page; quoted output and code count, for readers see them. */
function linesOf(file: string): Text[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((text, i) => ({ where: `${file}:${i + 1}`, text }));
}

function hits(texts: readonly Text[]): string[] {
  return texts.flatMap(({ where, text }) =>
    STOP_LIST.filter((word) => word.test(text)).map((word) => `${where} ${String(word)}: ${text.trim().slice(0, 120)}`),
  );
}

describe('the words of the stop list', () => {
  it('are in no log line, CLI text, configuration message or metric help', () => {
    expect(hits(sources.flatMap(sentencesOf))).toEqual([]);
  });

  it('are in no comment', () => {
    expect(hits(sources.flatMap(commentsOf))).toEqual([]);
  });

  it('are on no page', () => {
    expect(hits(pages.flatMap(linesOf))).toEqual([]);
  });

  it('are in no file name', () => {
    const names = [...sources, ...globSync('test/**/*.ts')].map((file) => ({
      where: file,
      text: basename(file, '.ts').replaceAll('-', ' '),
    }));
    expect(hits(names)).toEqual([]);
  });
});

function nameOfType(declared: unknown): string | undefined {
  const { type, id, identifier } = (declared ?? {}) as Record<string, { value?: string } | string | undefined>;
  const kinds = ['TsInterfaceDeclaration', 'TsTypeAliasDeclaration', 'ClassDeclaration'];
  const name = id ?? identifier;
  return typeof type === 'string' && kinds.includes(type) && typeof name === 'object' ? name.value : undefined;
}

describe('an exported type', () => {
  it('has a name that no other exported type has', () => {
    const files = new Map<string, string[]>();
    for (const file of sources) {
      for (const { type, ...statement } of parse(file).body) {
        const declared = type === 'ExportDeclaration' && 'declaration' in statement ? statement.declaration : undefined;
        const name = nameOfType(declared);
        if (name !== undefined) files.set(name, [...(files.get(name) ?? []), file]);
      }
    }
    expect(Array.from(files).filter(([, where]) => where.length > 1)).toEqual([]);
  });
});
