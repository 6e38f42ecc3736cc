/** What the requests of one pod hold now. A reload of the configuration keeps it. */
export interface PodLoad {
  inFlight: number;
  /** Bytes of their bodies that have come, until the end of the answer: another attempt may need them. */
  bufferedBytes: number;
}

/** Bytes that one request holds. */
export interface BodyHold {
  /** False where so many bytes would not fit now. What a client only promises holds no room: it may never come. */
  hasRoomFor(bytes: number): boolean;
  /** False where they do not fit; then nothing changes. */
  take(bytes: number): boolean;
  /** Gives all of them back. */
  release(): void;
}

export function createPodLoad(): PodLoad {
  return { inFlight: 0, bufferedBytes: 0 };
}

/** The share of one request. A body always fits where no other is held, so a limit below that of one body stops nothing. */
export function holdBytes(load: PodLoad, mostBytes: number): BodyHold {
  let own = 0;
  const hasRoomFor = (bytes: number): boolean => {
    const others = load.bufferedBytes - own;
    return others <= 0 || load.bufferedBytes + bytes <= mostBytes;
  };
  return {
    hasRoomFor,
    take: (bytes) => {
      if (!hasRoomFor(bytes)) return false;
      own += bytes;
      load.bufferedBytes += bytes;
      return true;
    },
    release: () => {
      load.bufferedBytes -= own;
      own = 0;
    },
  };
}
