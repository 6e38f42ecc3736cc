/** Files of a planted tree by path. */
export type Sources = Record<string, string>;

/** Each folder below a parent imports the one after it. */
export function upwards(parent: string, rooms: readonly string[]): Record<string, Sources> {
  return Object.fromEntries(
    rooms.slice(0, -1).map((room, i) => {
      const later = rooms[i + 1] ?? '';
      const sources = {
        [`src/${parent}/${room}/bad.ts`]: `import { part } from '../${later}/index.ts';\nexport const bad = part;`,
        [`src/${parent}/${later}/index.ts`]: 'export const part = 1;',
      };
      return [`${parent}-${room}-imports-no-later-folder`, sources];
    }),
  );
}
