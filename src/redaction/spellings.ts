/** Shorter secrets would blank ordinary words. */
const SHORTEST_SECRET = 4;

/** A secret as it is, and as JSON, a URL and base64 write it; none for a secret of fewer than four characters. */
export function spellingsOf(secret: string): string[] {
  if (secret.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(secret);
  // Without the padding, which is missing where more text follows.
  const encoded = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
  // From the bytes: half of a surrogate pair cannot be written in a URL.
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(bytes.toString('utf8')), ...encoded];
}
