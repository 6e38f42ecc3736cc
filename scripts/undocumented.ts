import { globSync, readFileSync } from 'node:fs';

// Names every public export, or each in the files given, that does not explain itself. The sources are formatted, so a line tells: an export begins in
// its first column, and what explains it ends on the line before.

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|function\*?|const|let|class) (\w+)/;
const folders = [
  'src/ports/**/*.ts',
  'src/health/**/*.ts',
  'src/fleet/options.ts',
  'src/client/**/*.ts',
  'src/testing/**/*.ts',
  'src/library/**/*.ts',
  'src/ai/**/*.ts',
];
const given = process.argv.slice(2);
const files = (given.length > 0 ? given : globSync(folders))
  .filter((file) => !/\.(test|generated)\.ts$/.test(file))
  .toSorted();
const problems = files.flatMap(undocumentedIn);
for (const problem of problems) console.error(problem);
console.log(`public exports: ${files.length} files, ${problems.length} without TSDoc`);
process.exitCode = problems.length === 0 && files.length > 0 ? 0 : 1;

function undocumentedIn(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    const [, name] = declaration.exec(line) ?? [];
    const isOverload = name !== undefined && (lines[at - 1] ?? '').startsWith(`export function ${name}`);
    if (name === undefined || isOverload || isExplained(lines.slice(0, at))) return [];
    return [`${file}:${at + 1}: ${name}`];
  });
}

function isExplained(before: readonly string[]): boolean {
  const last = before.at(-1)?.trimEnd() ?? '';
  if (!last.endsWith('*/')) return false;
  const begin = before.findLast((line) => line.startsWith('/*')) ?? '';
  return begin.startsWith('/**');
}
