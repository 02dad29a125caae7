import { SEAL_OVERHEAD } from '../crypto/sealer.ts';

/** An entry of a pack's header: type, length, and the id after them. */
export const ENTRY_BYTES = 37;
/** The same of a compressed blob, which has the uncompressed length too. */
export const COMPRESSED_ENTRY_BYTES = 41;
/** The length of the sealed header, at the end of a pack. */
export const LENGTH_BYTES = 4;
export const MAX_HEADER_BYTES = 16 << 20;
export const MIN_PACK_BYTES = ENTRY_BYTES + SEAL_OVERHEAD + LENGTH_BYTES;
/** What is read of a pack to know its header, in one piece where it has up to 15 blobs. */
export const PACK_TAIL_BYTES = LENGTH_BYTES + SEAL_OVERHEAD + 15 * COMPRESSED_ENTRY_BYTES;
