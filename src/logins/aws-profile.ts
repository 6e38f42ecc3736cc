import type { AwsSource } from '../providers/index.ts';

/** The keys of one profile, from both of AWS' files; the credentials file takes precedence. */
export function readProfile(
  { name, credentialsFile, configFile }: Extract<AwsSource, { kind: 'profile' }>,
  readFile: (path: string) => string,
): Readonly<Record<string, string>> {
  const inConfig = name === 'default' ? ['default', 'profile default'] : [`profile ${name}`];
  const config = textOf(configFile, readFile);
  const sections = [
    ...inConfig.map((section) => sectionIn(config, section)),
    sectionIn(textOf(credentialsFile, readFile), name),
  ];
  return Object.fromEntries(sections.flatMap((section) => Object.entries(section)));
}

/** Either file may be missing. */
function textOf(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch {
    return '';
  }
}

/** AWS' files have sections and `key = value`; indented lines belong to nested settings, which hold no credentials. */
function sectionIn(text: string, wanted: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  let here = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[\s*(.+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) here = section.replaceAll(/["']/g, '') === wanted;
    const pair = /^([a-z_]+)\s*=\s*(.*?)\s*$/i.exec(line);
    if (here && pair?.[1] !== undefined && pair[2] !== undefined) found[pair[1].toLowerCase()] = pair[2];
  }
  return found;
}
