/** With what a command ends, by its meaning: the one table behind the commands, their help and the reference page. */
export const exitStatus = {
  ok: 0,
  unhealthy: 1,
  usage: 2,
  portTaken: 3,
  notJudged: 5,
  unreachable: 6,
  unexpected: 70,
} as const;

/** One row per status: what it means. */
export const exitStatuses: readonly { readonly status: string; readonly meaning: string }[] = [
  { status: '0', meaning: 'success; all checked targets that are not drained are healthy; the configuration is valid' },
  {
    status: '1',
    meaning:
      'a target is not healthy, or all targets are drained; an error budget is spent; `status --why` found a problem; a check of `bridge verify` failed; a hold was not stored; a receiver did not take a test alert; `serve` or `bridge` ended by an unexpected error (see the last log line)',
  },
  { status: '2', meaning: 'the command line or the configuration is invalid' },
  { status: '3', meaning: 'the port is already in use' },
  { status: '5', meaning: 'no target is unhealthy, but at least one has no verdict yet or got none in time' },
  { status: '6', meaning: 'no pod answers at the URL, it refuses the key, or its answer has another form' },
  { status: '70', meaning: 'any other command ended by an unexpected error' },
  { status: '130, 143', meaning: 'interrupted by SIGINT or SIGTERM' },
];

type Kind = keyof typeof exitStatus;

/** The end of a command's help: in its own words what it ends with, and the rest as in the table. */
export function exitHelp(own: Partial<Readonly<Record<Kind, string>>>, ...others: readonly Kind[]): string {
  const rows = exitStatuses.flatMap(({ status, meaning }) => {
    const kind = (Object.keys(exitStatus) as Kind[]).find((one) => String(exitStatus[one]) === status);
    if (kind === undefined) return [];
    const said = own[kind] ?? (others.includes(kind) ? meaning : undefined);
    return said === undefined ? [] : [`  ${status.padEnd(4)}${said}`];
  });
  return `\nExit status:\n${rows.join('\n')}\n`;
}
