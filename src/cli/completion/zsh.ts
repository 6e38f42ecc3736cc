import type { CommandWords, Flag } from './command-words.ts';

/** For zsh 5 and newer. */
export function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef allswell
# zsh completion of allswell, printed by: allswell completion zsh
_allswell() {
  local at='' word
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(
    ({ path }) =>
      `      '${path.map((word) => ` ${word}`).join('')}') at='${path.map((word) => ` ${word}`).join('')}' ;;`,
  )
  .join('\n')}
    esac
  done
  local -a commands
  case "$at" in
${commands.map(caseOf).join('\n')}
  esac
}
if [ "$funcstack[1]" = _allswell ]; then _allswell "$@"; else compdef _allswell allswell; fi
`;
}

function caseOf({ path, commands, flags, choices, takes }: CommandWords): string {
  const key = path.map((word) => ` ${word}`).join('');
  const list = commands.map(({ word, about }) => quoted(`${word}:${about.replaceAll(':', String.raw`\:`)}`));
  const rest = takes === 'files' ? `'*:file:_files'` : choices.length > 0 ? `'*:word:(${choices.join(' ')})'` : '';
  return `    '${key}')
      commands=(${list.join(' ')})
      (( $#commands )) && _describe command commands
      _arguments ${[...flags.map(argument), ...(rest === '' ? [] : [rest])].join(' ')}
      ;;`;
}

function argument({ long, about, value }: Flag): string {
  const text = about.replaceAll(/[[\]:\\]/g, (sign) => `\\${sign}`);
  const takes = value === 'none' ? '' : value === 'file' ? ':file:_files' : ':value: ';
  return quoted(`*${long}[${text}]${takes}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
