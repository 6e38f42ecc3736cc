import { appendFileSync } from 'node:fs';

/** Figures of the page that the suite writes. */
export type Figure =
  | 'alone probes per interval'
  | 'alone outage known by the last pod, s'
  | 'bridge probes per interval'
  | 'bridge outage known by the last pod, s'
  | 'bridge own probes per interval'
  | 'last probe of LiteLLM after the bridge, s'
  | 'slow outage known by the last pod, s'
  | 'fast outage known by the last pod, s'
  | 'take-over by the second bridge, s'
  | 'slowest repair, ms'
  | 'resumed after the bridge was killed, s'
  | 'resumed after the bridge hung, s'
  | 'resumed while Redis was gone, s'
  | 'resumed while Redis hung, s'
  | 'quiet after Redis was back, s';

/** Keeps a figure for the page, and prints it. */
export function measured(figure: Figure, value: number): void {
  const shown = Math.round(value * 10) / 10;
  console.log(`measured: ${figure}: ${shown}`);
  const file = process.env['ALLSWELL_MEASURED'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify([figure, shown])}\n`);
}
