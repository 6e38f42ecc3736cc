/** A `fetch` for a client, and the bodies that it sent, where they are text. */
export interface RecordingFetch {
  readonly fetch: typeof fetch;
  readonly sent: readonly string[];
}

export function recordingFetch(): RecordingFetch {
  const sent: string[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      if (typeof init?.body === 'string') sent.push(init.body);
      return await fetch(input, init);
    },
  };
}
