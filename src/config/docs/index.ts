/** The JSON Schema of the configuration file. Made only when it is asked for: a pod has no use for it. */
export async function schemaDocument(): Promise<Readonly<Record<string, unknown>>> {
  const { configJsonSchema } = await import('./json-schema.ts');
  return configJsonSchema();
}
