/**
 * Longest value that is read, in bytes. Allswell writes at most a tenth of it, except histories. A longer value is garbage and
 * is never copied.
 */
export const LONGEST_TEXT = 65_536;

/** Longest piece of a target list: more than the most targets with the longest ids need. */
export const LONGEST_PIECE = 300_000;

/** Longest history that is read: the most points that can be configured, two kilobytes each. */
export const LONGEST_HISTORY = 2_097_152;

/** Longest report of what a pod's configuration has, for the pod that sends the alerts. */
export const LONGEST_REPORT = 300_000;

/** The text, or the placeholder for one that is too long, as in the scripts. */
export function boundedText(text: string, longest: number = LONGEST_TEXT): string {
  // A unit of length has at most three bytes.
  if (text.length * 3 <= longest) return text;
  const bytes = Buffer.byteLength(text);
  return bytes <= longest ? text : `(${bytes} bytes, which is too long)`;
}
