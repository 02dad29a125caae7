/**
 * A zero-terminated copy of a name or path, as the kernel wants it. Strings are encoded as UTF-8; pass bytes for names that are not.
 * @throws RangeError when it holds a zero byte, which would silently cut the name short
 */
export function toCString(text: string | Uint8Array): Buffer {
  const content = typeof text === 'string' ? Buffer.from(text) : text;
  if (content.includes(0)) throw new RangeError(`A name cannot hold a zero byte: ${JSON.stringify(describeBytes(content))}`);
  const terminated = Buffer.alloc(content.length + 1);
  terminated.set(content);
  return terminated;
}

/** The bytes before the first zero byte, or all of them: a view, not a copy. */
export function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Text for messages: bytes that are not UTF-8 show as U+FFFD, so it is no path to use. */
export function describeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
