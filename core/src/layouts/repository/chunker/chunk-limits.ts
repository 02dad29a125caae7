/** Where a chunker may cut. All lengths in bytes. */
export interface ChunkLimits {
  /** No chunk is shorter, but the last of a file. At least 64. */
  readonly minBytes: number;
  /** No chunk is longer. */
  readonly maxBytes: number;
  /** A cut is where this many low bits of the fingerprint are zero; 20 means one in 1 MiB of random data. At most 31. */
  readonly splitBits: number;
}

/** What every restic repository uses (restic/chunker, `chunker.go`). */
export const resticLimits: ChunkLimits = { minBytes: 512 << 10, maxBytes: 8 << 20, splitBits: 20 };

/** Bytes that a fingerprint depends on. */
export const WINDOW_BYTES = 64;
