export { parseYaml, REPEATED_KEY } from './parse.ts';
export { pythonItems, pythonJson, pythonText } from './python-text.ts';
export type { Printer } from './python-text.ts';
export { child, countOf, entryOf, follow, isAbsent, mapped, relocated, settingsOf, showPath, valueOf } from './tree.ts';
export type { Ambiguity, Entry, MapNode, Node, Path, SourceLocation, ScalarNode } from './tree.ts';
export { yamlLimits } from './yaml-limits.ts';
