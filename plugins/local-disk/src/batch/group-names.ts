/** Names in a row, each with a zero byte behind it, as views. */
export function splitNames(names: Uint8Array, count: number): Buffer[] {
  const bytes = Buffer.from(names.buffer, names.byteOffset, names.byteLength);
  const list: Buffer[] = [];
  for (let start = 0; list.length < count; ) {
    const end = bytes.indexOf(0, start) + 1;
    list.push(bytes.subarray(start, end));
    start = end;
  }
  return list;
}
