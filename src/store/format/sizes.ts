/**
 * The longest text of a value that is read, in bytes. The longest that this product writes, a history of a thousand points
 * apart, is a tenth of it. What is longer is taken for garbage by its length alone, and never copied.
 */
export const LONGEST_TEXT = 65_536;
