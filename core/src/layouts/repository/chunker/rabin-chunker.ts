import type { ChunkLimits } from './chunk-limits.ts';
import type { Polynomial } from './polynomial.ts';
import { rabinModule } from './rabin-module.ts';
import { rabinTables } from './rabin-tables.ts';
import { webAssembly } from './web-assembly.ts';

const PAGE_BYTES = 65536;
const REDUCE = 0;
const LEAVE = 2048;
const DATA = 4096;

type FindCut = (from: number, to: number, mask: bigint) => number;

/**
 * Cuts data in chunks as restic does (restic/chunker, `chunker.go`): a cut depends on the 64 bytes before it only, so an insertion moves
 * the cuts near it and no others. Works on data in memory of its own, because WebAssembly reaches no other.
 */
export class RabinChunker {
  /** Where the caller puts the data. It never moves. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly limits: ChunkLimits;
  readonly #mask: bigint;
  readonly #find: FindCut;

  /** `capacity` is the size of `data` in bytes. Throws a RangeError for a polynomial that is not of degree 53. */
  constructor(polynomial: Polynomial, limits: ChunkLimits, capacity: number) {
    this.limits = limits;
    this.#mask = (1n << BigInt(limits.splitBits)) - 1n;
    const memory = new webAssembly.Memory({ initial: Math.ceil((DATA + capacity) / PAGE_BYTES) });
    const { reduce, leave } = rabinTables(polynomial);
    new BigUint64Array(memory.buffer, REDUCE, 256).set(reduce);
    new BigUint64Array(memory.buffer, LEAVE, 256).set(leave);
    this.data = new Uint8Array(memory.buffer, DATA, capacity);
    const module = new webAssembly.Module(Buffer.from(rabinModule, 'base64'));
    this.#find = new webAssembly.Instance(module, { env: { memory } }).exports['findCut'] as FindCut;
  }

  /**
   * The end of the chunk that begins at `start`, where the data ends at `end`; both are offsets in `data`. Undefined where more data is
   * needed to tell: unless more follows, the chunk then ends at `end`.
   */
  endOfChunk(start: number, end: number): number | undefined {
    const { minBytes, maxBytes } = this.limits;
    const first = start + minBytes;
    const last = Math.min(start + maxBytes, end);
    if (first > last) return undefined;
    // Addresses come back signed.
    const found = this.#find(DATA + first, DATA + last, this.#mask) >>> 0;
    if (found !== 0) return found - DATA;
    return end - start >= maxBytes ? start + maxBytes : undefined;
  }

  /** The ends of all chunks of the data from `start` to `end`. Without `isLast` the data behind the last of them is the start of another. */
  cut(start: number, end: number, isLast: boolean): number[] {
    const ends: number[] = [];
    let from = start;
    for (;;) {
      const to = from < end ? this.endOfChunk(from, end) : undefined;
      if (to === undefined) break;
      ends.push(to);
      from = to;
    }
    if (isLast && from < end) ends.push(end);
    return ends;
  }
}
