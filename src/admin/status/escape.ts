/** Text for an element or a quoted attribute of HTML or SVG, without characters that XML does not allow. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (found) => `&#${found.codePointAt(0)};`);
}
