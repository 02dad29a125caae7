/** What every call of a contract takes. */
export interface CallOptions {
  /** Aborting makes the call reject with the signal's reason as soon as it can, leaving old or whole objects only. */
  readonly signal?: AbortSignal;
}

/** A range of bytes: `offset` from the start, `length` bytes. Both are bytes and exact above 2^53. */
export interface ByteRange {
  readonly offset: bigint;
  readonly length: bigint;
}

/** A digest with the algorithm that made it, for example `{ algorithm: 'blake3', value: <32 bytes> }`. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  readonly value: Uint8Array;
}

export type DigestAlgorithm = 'blake3' | 'sha256' | 'sha1' | 'md5' | 'crc32c' | 'crc64nvme';
