import { mutationParts, mutations } from './table.ts';

/** The list of planted bugs: the content of `README.md` in this folder. */
export function mutationsPage(): string {
  return [
    '# Planted bugs',
    '',
    '<!-- Made by npm run generate from the tables beside it. Do not edit. -->',
    '',
    `\`npm run mutations\` plants each of these ${mutations.length} bugs in a copy of the sources, one at a time, and runs its suite, in`,
    'which a test must fail. The same suites must pass without the bugs. `npm run mutations -- --only <text>` selects bugs whose',
    'sentence or file contains the text.',
    '',
    'To add one: a row in the table of its part, with a text that occurs once in its file, and `npm run generate`. If the suite',
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
