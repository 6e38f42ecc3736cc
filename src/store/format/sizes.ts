/**
 * The longest text of a value that is read, in bytes. The longest that this product writes, histories apart, is a tenth of
 * it. What is longer is garbage by its length alone, and is never copied.
 */
export const LONGEST_TEXT = 65_536;

/** The longest piece of a target list: as many targets of the longest id as it may have, less than that long. */
export const LONGEST_PIECE = 300_000;

/** The longest history that is read: the most points that can be configured, with two kilobytes each. */
export const LONGEST_HISTORY = 2_097_152;

/** A text as it is read: itself, or what stands for one that is too long, here and in the scripts. */
export function boundedText(text: string, longest: number = LONGEST_TEXT): string {
  // No character has more than three bytes for each unit of length.
  if (text.length * 3 <= longest) return text;
  const bytes = Buffer.byteLength(text);
  return bytes <= longest ? text : `(${bytes} bytes, which is too long)`;
}
