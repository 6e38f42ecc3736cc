import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const ENTRIES = ['library/index', 'ai/index', 'client/index', 'testing/exports'] as const;

/** Writes the types of what the package exports to `dist`, with their comments: only what an exported entry leads to. */
export async function bundleDeclarations(dist: string): Promise<void> {
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `./src/${entry}.ts`])),
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    plugins: [dts({ emitDtsOnly: true, oxc: true, tsconfig: 'tsconfig.json' })],
  });
  await bundle.write({ dir: dist, format: 'es', chunkFileNames: 'chunks/types.js' });
  await bundle.close();
}
