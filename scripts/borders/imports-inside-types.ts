/**
 * The modules that a source names inside its types: `import('./x.ts').Type` and `typeof import('./x.ts')`.
 * dependency-cruiser finds such an import only where it is the whole type of an annotation.
 */
export async function importsInsideTypes(text: string): Promise<string[]> {
  // The parser costs more than this search, and nearly no source holds the word.
  if (!/\bimport\s*\(/.test(text)) return [];
  const found: string[] = [];
  const { parseSync } = await import('@swc/core');
  visit(parseSync(text, { syntax: 'typescript' }), found);
  return found;
}

function visit(node: unknown, found: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (isImportType(node)) found.push(node.argument.value);
  for (const child of Object.values(node)) visit(child, found);
}

function isImportType(node: object): node is { argument: { value: string } } {
  return 'type' in node && node.type === 'TsImportType';
}
