import { mutationParts, mutations } from './table.ts';

/** The page that lists the planted bugs, as `README.md` beside this file holds it. */
export function mutationsPage(): string {
  return [
    '# Planted bugs',
    '',
    '<!-- Made by npm run generate from the tables beside it. Do not edit. -->',
    '',
    `\`npm run mutations\` plants each of these ${mutations.length} bugs in a copy of the sources, one at a time, and runs the suite beside it,`,
    'which must fail by a test. The same suites must pass without the bugs. `npm run mutations -- --only <text>` takes those whose',
    'sentence or file holds the text.',
    '',
    'To add one: a row in the table of its part, with a text that occurs once in its file, and `npm run generate`. Where the',
    'suite passes with the bug, a test is missing.',
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
