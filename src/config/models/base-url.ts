/** A base URL in one spelling, or why it is not one. Two spellings of one place must not become two targets. */
export type BaseUrl =
  | { readonly kind: 'url'; readonly url: string; readonly host: string }
  | { readonly kind: 'unusable'; readonly is: string };

/** @example normaliseBaseUrl('HTTPS://API.Example.com:443/v1/') // url 'https://api.example.com/v1' */
export function normaliseBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { kind: 'unusable', is: 'is text that is not a URL' };
  }
  // Both would end up in places where addresses are shown.
  if (url.username !== '' || url.password !== '') return { kind: 'unusable', is: 'has a user or a password in it' };
  if (url.search !== '' || url.hash !== '') return { kind: 'unusable', is: 'has a query or a fragment' };
  return { kind: 'url', url: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`, host: url.host };
}
