/**
 * An age in words of one unit.
 *
 * @example
 * ageWords(3.2) // '3 s'
 * ageWords(7500) // '2 h'
 */
export function ageWords(seconds: number | null): string {
  if (seconds === null) return 'ever';
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** How far a time is from `now`, both as the pod tells them: no clock of ours is asked. */
export function inWords(at: string, now: string): string {
  const seconds = (Date.parse(at) - Date.parse(now)) / 1_000;
  return seconds >= 0 ? `in ${ageWords(seconds)}` : `${ageWords(-seconds)} ago`;
}

/** How long something has lasted. One that began at this moment may be dated a little after it, by another clock. */
export function forWords(since: string, now: string): string {
  return `for ${ageWords(Math.max(0, (Date.parse(now) - Date.parse(since)) / 1_000))}`;
}

/** How long ago a past time is. One of this moment may be dated a little after it, by another clock. */
export function agoInWords(at: string, now: string): string {
  return `${ageWords(Math.max(0, (Date.parse(now) - Date.parse(at)) / 1_000))} ago`;
}
