import type { LibraryDeployment } from '../deployments.ts';

/** Finds out which part of a caller's URL goes to every upstream of a group. */
export interface AddressReader {
  /**
   * The rest behind the base URL of one of the upstreams, and the upstream whose base it is.
   *
   * @throws TypeError for a URL that begins like none of them
   */
  read(url: string): Address;
}

/** A caller's URL, taken apart. */
export interface Address {
  /** End of the path and the query: without a slash in front for an LLM API, with it for another one. */
  readonly rest: string;
  /** Origin that the URL names; undefined for a path alone. */
  readonly madeFor: string | undefined;
}

/** Base URLs of clients that are given none. */
const usual: Readonly<Record<string, readonly string[]>> = {
  openai: ['https://api.openai.com/v1'],
  azure: ['https://api.openai.com/v1'],
  anthropic: ['https://api.anthropic.com/v1'],
};

/** Addresses of one group. `base`: a further one that callers' URLs may begin with. */
export function addressReader(deployments: readonly LibraryDeployment[], base: string | undefined): AddressReader {
  const [first] = deployments;
  const isHttp = first?.upstream.kind === 'http';
  const bases = [
    ...deployments.map(({ upstream, origin }) => ({ base: upstream.baseUrl, madeFor: origin })),
    ...(base === undefined ? [] : [{ base: base.replace(/\/+$/, ''), madeFor: new URL(base).origin }]),
    ...(usual[isHttp ? '' : (first?.upstream.wire ?? '')] ?? []).map((one) => ({
      base: one,
      madeFor: new URL(one).origin,
    })),
  ].toSorted((a, b) => b.base.length - a.base.length);
  const find = (url: string): Address => {
    if (url.startsWith('/')) return { rest: isHttp ? url : url.slice(1), madeFor: undefined };
    for (const one of bases) {
      if (!isBelow(url, one.base)) continue;
      const rest = url.slice(one.base.length);
      return { rest: isHttp || !rest.startsWith('/') ? rest : rest.slice(1), madeFor: one.madeFor };
    }
    throw new TypeError(
      `the URL does not begin with a base URL of group "${first?.group}" (${bases.map((one) => one.base).join(', ')}): use one of these, or pass { base }`,
    );
  };
  // Most clients have one URL for all of their calls.
  let last: { readonly url: string; readonly address: Address } | undefined;
  return {
    read: (url) => {
      if (last?.url !== url) last = { url, address: find(url) };
      return last.address;
    },
  };
}

/** True if the URL begins with the base, as a whole. */
export function isBelow(url: string, base: string): boolean {
  if (!url.startsWith(base)) return false;
  const next = url[base.length];
  return next === undefined || next === '/' || next === '?';
}
