import { chmodSync } from 'node:fs';
import { rolldown } from 'rolldown';
import type { OutputChunk } from 'rolldown';

/** The files of `dist` that package.json, other programs or users start or import by their names. */
const ENTRIES = [
  'cli/main',
  'server/workers/worker-main',
  'testing/mock-upstream/main',
  'demo/stage/pod-route',
  'library/index',
  'ai/index',
  'client/index',
  'testing/exports',
] as const;

/**
 * Writes the program to `dist`: a file for each entry, and `chunks/`, files of modules that belong to one folder of `src` and that the
 * same entries load. Not minified: a stack trace names functions, and a comment above their code names the module.
 */
export async function bundleProgram(dist: string): Promise<void> {
  const entries = new Set(ENTRIES.map((entry) => `/src/${entry}.ts`));
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `./src/${entry}.ts`])),
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    // An entry exports what its source exports; a chunk, what others import.
    preserveEntrySignatures: 'allow-extension',
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await bundle.write({
    dir: dist,
    format: 'es',
    comments: { legal: false, jsdoc: false, annotation: true },
    chunkFileNames: ({ name }) => `chunks/${name.split('~')[0]}.js`,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'folders',
          // An entry keeps its own code.
          name: (id) => ([...entries].some((entry) => id.endsWith(entry)) ? null : folderOf(id)),
          entriesAware: true,
        },
      ],
    },
  });
  await bundle.close();
  refuseCycles(output.filter((file) => file.type === 'chunk'));
  chmodSync(`${dist}/cli/main.js`, 0o755);
}

/** `fleet` of `…/src/fleet/probing/scheduler.ts`. */
function folderOf(id: string): string | null {
  const [, path] = /\/src\/(.+)$/.exec(id) ?? [];
  if (path === undefined) return null;
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : 'base';
}

/** In a cycle of files, a module could run before one that it imports. The folders of `src` have none, so neither have the chunks. */
function refuseCycles(chunks: readonly OutputChunk[]): void {
  const imports = new Map(chunks.map((chunk) => [chunk.fileName, chunk.imports]));
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error(`files import each other: ${[...path, file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
}
