export const TEST: string = String.raw`\.test\.ts$`;

/** A package by its name: where it was resolved to, or its bare name when it is not installed. */
export const packages = (...names: string[]): string => `^(?:node_modules/)?(?:${names.join('|')})(?:/|$)`;

/** Folders below src, whole. */
export const folders = (...names: string[]): string => `^src/(?:${names.join('|')})/`;
