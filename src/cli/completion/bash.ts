import type { CommandWords } from './command-words.ts';

/** For bash 3.2 and newer, which macOS still has: no associative arrays. */
export function bashScript(commands: readonly CommandWords[]): string {
  return `# bash completion of allswell, printed by: allswell completion bash
_allswell() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="" path="" word words="" files="" i
  [ "$COMP_CWORD" -gt 0 ] && prev="\${COMP_WORDS[COMP_CWORD-1]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$path $word" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(pathCase)
  .join('\n')}
    esac
  done
  case "$path" in
${commands.map(wordsCase).join('\n')}
  esac
  case "$path:$prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(
    compgen -W "$words" -- "$cur"
    [ -n "$files" ] && compgen -f -- "$cur"
  )
}
complete -o filenames -F _allswell allswell
`;
}

function pathCase({ path }: CommandWords): string {
  const before = path
    .slice(0, -1)
    .map((word) => ` ${word}`)
    .join('');
  return `      '${before} ${path.at(-1)}') path="${path.map((word) => ` ${word}`).join('')}" ;;`;
}

function wordsCase({ path, commands, flags, choices, takes }: CommandWords): string {
  const words = [...commands.map(({ word }) => word), ...choices, ...flags.map(({ long }) => long)];
  const key = path.map((word) => ` ${word}`).join('');
  return `    '${key}') words="${words.join(' ')}"${takes === 'files' ? ' files=1' : ''} ;;`;
}

/** After a flag with a value comes that value, and no other word. */
function valueCases({ path, flags }: CommandWords): string[] {
  const key = path.map((word) => ` ${word}`).join('');
  return flags
    .filter(({ value }) => value !== 'none')
    .map(({ long, short, value }) => {
      const names = [long, short].flatMap((name) => (name === undefined ? [] : `'${key}:${name}'`));
      return `    ${names.join('|')}) words=""${value === 'file' ? ' files=1' : ''} ;;`;
    });
}
