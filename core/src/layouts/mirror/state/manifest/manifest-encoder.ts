import { crc32 } from 'node:zlib';
import { encodeBlock, type RawColumns } from './encode-block.ts';
import {
  CHECKSUM_BYTES,
  END_BYTES,
  END_MARK,
  FORMAT_VERSION,
  magic,
  type ManifestHeader,
  PREAMBLE_BYTES,
} from './manifest-layout.ts';

/** Turns blocks into the bytes of a manifest file, and counts them. */
export class ManifestEncoder {
  rows = 0;
  readonly #write: (bytes: Uint8Array) => void;
  #blocks = 0;
  #checksum = 0;

  /** `write` is given the bytes of the file in order. */
  constructor(header: ManifestHeader, write: (bytes: Uint8Array) => void) {
    this.#write = write;
    const { kind, runId, parentRunId, digests } = header;
    const text = Buffer.from(JSON.stringify({ format: FORMAT_VERSION, kind, runId, parentRunId, digests }));
    const preamble = Buffer.alloc(PREAMBLE_BYTES);
    preamble.set(magic);
    preamble.writeUInt32LE(FORMAT_VERSION, 8);
    preamble.writeUInt32LE(text.length, 12);
    this.#writeChecked(Buffer.concat([preamble, text]));
  }

  add(rows: number, columns: RawColumns): void {
    const { parts, checksum } = encodeBlock(this.#blocks, rows, columns, this.#checksum);
    for (const part of parts) this.#write(part);
    this.#checksum = checksum;
    this.#blocks++;
    this.rows += rows;
  }

  finish(): void {
    const end = Buffer.alloc(END_BYTES);
    end.writeUInt32LE(END_MARK, 0);
    end.writeUInt32LE(this.#blocks, 4);
    end.writeBigUInt64LE(BigInt(this.rows), 8);
    this.#writeChecked(end);
  }

  #writeChecked(bytes: Uint8Array): void {
    this.#checksum = crc32(bytes, this.#checksum);
    const sum = Buffer.alloc(CHECKSUM_BYTES);
    sum.writeUInt32LE(this.#checksum);
    this.#write(bytes);
    this.#write(sum);
  }
}
