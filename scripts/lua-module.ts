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
  readonly lua: string;
  readonly sha1: string;
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
  const lua = withoutComments(resolve(root, path, new Set()));
  return { name, keys: keys === 'n' ? 'any' : Number(keys), lua, sha1: createHash('sha1').update(lua).digest('hex') };
}

/** The text with each `--- @include "name"` replaced by includes/name.lua, the first time it is asked for. */
function resolve(root: string, path: string, included: Set<string>): string {
  return readFileSync(path, 'utf8').replaceAll(/^--- @include "([a-z-]+)"$/gm, (_, name: string) => {
    if (included.has(name)) return '';
    included.add(name);
    return resolve(root, join(root, folder, 'includes', `${name}.lua`), included);
  });
}

function withoutComments(lua: string): string {
  const lines = lua.split('\n').filter((line) => !/^\s*(--.*)?$/.test(line));
  return `${lines.join('\n')}\n`;
}

function moduleOf(all: readonly Script[]): string {
  const entries = all.map(
    ({ name, keys, lua, sha1 }) =>
      `  '${name}': {\n    keys: ${typeof keys === 'number' ? keys : "'any'"},\n    sha1: '${sha1}',\n    lua: ${JSON.stringify(lua)},\n  },\n`,
  );
  return [
    '// Made by npm run generate from the files in lua/. Do not edit.\n\n',
    '/** A script as the server gets it, and the name under which the server keeps it. */\n',
    "export interface Script {\n  readonly keys: number | 'any';\n  readonly sha1: string;\n  readonly lua: string;\n}\n\n",
    `export type ScriptName =\n${all.map(({ name }) => `  | '${name}'`).join('\n')};\n\n`,
    `export const scripts: Readonly<Record<ScriptName, Script>> = {\n${entries.join('')}};\n`,
  ].join('');
}
