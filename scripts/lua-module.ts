import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

// Makes a module from the Lua scripts: includes resolved, comments removed, so that a running pod reads no files and
// sends no comments.
const folder = 'src/store/redis/lua';

/** `src/store/redis/scripts.generated.ts`, from the scripts below `root`. */
export function luaModule(root = '.'): string {
  return moduleOf(
    globSync(join(root, folder, '*.lua'))
      .toSorted()
      .map((path) => read(root, path)),
  );
}

interface Script {
  readonly name: string;
  /** `any` where the name ends in `-n`. */
  readonly keys: number | 'any';
  /** In their order. Their texts together are the script. */
  readonly pieces: readonly Piece[];
  readonly sha1: string;
}

/** Text of the script itself, or of an include, which has a name and is written once for all scripts. */
interface Piece {
  readonly name?: string;
  readonly text: string;
}

function read(root: string, path: string): Script {
  const file = basename(path, '.lua');
  const [, name, keys] = /^([a-z-]+)-(\d|n)$/.exec(file) ?? [];
  if (name === undefined || keys === undefined) throw new Error(`${path}: the name must end in its number of keys`);
  const source = readFileSync(path, 'utf8');
  if (!source.startsWith(`-- ${file}.lua\n`)) throw new Error(`${path}: the first line must name the file`);
  const described = [...source.matchAll(/^-- KEYS\[(\d|n)\]/gm)].map((match) => match[1] ?? '');
  const highest = described.toSorted().at(-1);
  if (highest !== keys) throw new Error(`${path}: the header describes ${highest} keys, the name says ${keys}`);
  const pieces = resolve(root, path, new Set());
  const lua = pieces.map(({ text }) => text).join('');
  return {
    name,
    keys: keys === 'n' ? 'any' : Number(keys),
    pieces,
    sha1: createHash('sha1').update(lua).digest('hex'),
  };
}

/** The text with each `--- @include "name"` replaced by includes/name.lua, the first time it is asked for. */
function resolve(root: string, path: string, included: Set<string>, own?: string): readonly Piece[] {
  const parts = readFileSync(path, 'utf8').split(/^--- @include "([a-z-]+)"$/m);
  return parts.flatMap((part, i) => {
    if (i % 2 === 0) {
      const text = withoutComments(part);
      return text === '' ? [] : [{ text, ...(own !== undefined && { name: i === 0 ? own : `${own}-${i / 2 + 1}` }) }];
    }
    if (included.has(part)) return [];
    included.add(part);
    return resolve(root, join(root, folder, 'includes', `${part}.lua`), included, part);
  });
}

function withoutComments(lua: string): string {
  const lines = lua.split('\n').filter((line) => !/^\s*(--.*)?$/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

function moduleOf(all: readonly Script[]): string {
  const entries = all.map(
    ({ name, keys, pieces, sha1 }) =>
      `  '${name}': {\n    keys: ${typeof keys === 'number' ? keys : "'any'"},\n    sha1: '${sha1}',\n    lua: ${luaOf(pieces)},\n  },\n`,
  );
  const includes = new Map(
    all.flatMap(({ pieces }) => pieces.flatMap(({ name, text }) => (name === undefined ? [] : [[name, text]]))),
  );
  return [
    '// Made by npm run generate from the files in lua/. Do not edit.\n\n',
    '/** A script as the server gets it, and the name under which the server keeps it. */\n',
    "export interface Script {\n  readonly keys: number | 'any';\n  readonly sha1: string;\n  readonly lua: string;\n}\n\n",
    `export type ScriptName =\n${all.map(({ name }) => `  | '${name}'`).join('\n')};\n\n`,
    `/** Parts that several scripts share. */\nconst include = {\n${[...includes].map(([name, text]) => `  '${name}': ${JSON.stringify(text)},\n`).join('')}};\n\n`,
    `export const scripts: Readonly<Record<ScriptName, Script>> = {\n${entries.join('')}};\n`,
  ].join('');
}

function luaOf(pieces: readonly Piece[]): string {
  return pieces.map(({ name, text }) => (name === undefined ? JSON.stringify(text) : `include['${name}']`)).join(' + ');
}
