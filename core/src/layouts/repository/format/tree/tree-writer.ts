import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { currentDialect, type TextDialect } from '../go-text/text-dialect.ts';
import type { Node } from './node.ts';
import { whyNoName } from './node-name.ts';
import { writeNode } from './write-node.ts';

const FIRST_BYTES = 16 << 10;
/** A pack's header has 32 bits for the length of a blob, sealed and compressed or not. */
const MAX_BYTES = 2 ** 32 - 1 - (64 << 10);
const BEGIN = '{"nodes":[';
const END = ']}\n';
/** UTF-8 bytes of one unit of UTF-16, at most. */
const BYTES_PER_UNIT = 3;

/** Writes a directory's tree blob node by node, to the bytes that restic makes of it. */
export class TreeWriter {
  readonly #dialect: TextDialect;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #last: Uint8Array | undefined;

  constructor(dialect: TextDialect = currentDialect) {
    this.#dialect = dialect;
    this.#append(BEGIN);
  }

  /**
   * Nodes come by the bytes of their names. Throws `internal` for one out of order and for a name that no entry can have, and
   * `too-large` for a directory that no blob can hold.
   */
  add(node: Node): void {
    const why = whyNoName(node.name);
    if (why !== undefined) throw new HoldfastError('internal', `An entry's name ${why}.`);
    if (this.#last !== undefined) {
      if (Buffer.compare(this.#last, node.name) >= 0)
        throw new HoldfastError('internal', 'Entries of a directory are not in order.');
      this.#append(',');
    }
    this.#append(writeNode(node, this.#dialect));
    this.#last = node.name;
  }

  /** The plaintext of the blob. The writer is then empty and can write the next; the bytes are the caller's. */
  finish(): Uint8Array {
    this.#append(END);
    const bytes = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length);
    this.#length = 0;
    this.#last = undefined;
    this.#append(BEGIN);
    return bytes;
  }

  #append(text: string): void {
    const needed = this.#length + text.length * BYTES_PER_UNIT;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length += this.#bytes.write(text, this.#length);
  }

  #grow(needed: number): void {
    if (this.#length > MAX_BYTES)
      throw new HoldfastError('too-large', 'A directory has more entries than the repository can hold.');
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
