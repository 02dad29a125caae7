/**
 * The difference (exclusive or) of two columns of records of one length. Mixing again with the same `base` gives `records` back.
 * What a mirror holds is mostly what the source holds, so the difference is mostly zeros: small, and fast to unpack.
 */
export function mixRecords(records: Uint8Array, base: Uint8Array): Uint8Array {
  const mixed = new Uint8Array(records);
  const words = wordsOf(mixed);
  const baseWords = wordsOf(base.byteOffset % 4 === 0 ? base : new Uint8Array(base));
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ (baseWords[i] ?? 0);
  return mixed;
}

/** Records are a multiple of four bytes. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}
