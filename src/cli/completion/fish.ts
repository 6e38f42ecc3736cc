import type { CommandWords, Flag } from './command-words.ts';

/** For fish 3 and newer. */
export function fishScript(commands: readonly CommandWords[]): string {
  return `# fish completion of allswell, printed by: allswell completion fish
function __allswell_at
    set -l words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set -a words $word
    end
    test "$words" = "$argv"
end
complete -c allswell -f
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, flags, choices, takes }: CommandWords): string[] {
  const start = `complete -c allswell -n ${quoted(`__allswell_at ${path.join(' ')}`.trim())}`;
  return [
    ...commands.map(({ word, about }) => `${start} -a ${word} -d ${quoted(about)}`),
    ...choices.map((word) => `${start} -a ${word}`),
    ...(takes === 'files' ? [`${start} -F`] : []),
    ...flags.map((flag) => `${start} ${flagWords(flag)}`),
  ];
}

function flagWords({ long, short, about, value }: Flag): string {
  const letter = short === undefined ? '' : `-s ${short.slice(1)} `;
  const takes = value === 'none' ? '' : value === 'file' ? '-r -F ' : '-x ';
  return `${letter}-l ${long.slice(2)} ${takes}-d ${quoted(about)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (sign) => `\\${sign}`)}'`;
}
