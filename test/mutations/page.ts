import { mutationParts, mutations } from './table.ts';

/** The list of planted bugs: the content of `README.md` in this folder. */
export function mutationsPage(): string {
  return [
    '# Planted bugs',
    '',
    '<!-- Made by npm run generate from the tables beside it. Do not edit. -->',
    '',
    `\`npm run mutations\` plants each of these ${mutations.length} bugs in a copy of the sources, one at a time, and runs its suite, which must`,
    'fail. Without the bugs the same suites must pass. `npm run mutations -- --only <text>` selects bugs by description or file.',
    '',
    'To add one, add a row to the table of its part, with a text that occurs once in its file, and run `npm run generate`. If the suite',
    'passes with the bug, a test is missing.',
    ...mutationParts.flatMap(({ title, mutations: rows }) => [
      '',
      `## ${title}`,
      '',
      '| bug | in | caught by |',
      '|---|---|---|',
      ...rows.map(({ bug, file, suite }) => `| ${bug} | \`${file}\` | \`${suite.file}\` |`),
    ]),
    '',
  ].join('\n');
}
