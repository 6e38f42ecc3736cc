/** Milliseconds of this machine's monotonic clock: the same in all processes of the machine. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
