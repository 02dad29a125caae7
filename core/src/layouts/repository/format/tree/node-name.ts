/** Why a name can be none of an entry in a directory; undefined where it can. A tree from elsewhere must not reach out of its place. */
export function whyNoName(name: Uint8Array): string | undefined {
  if (name.length === 0) return 'is empty';
  if (name.includes(0x2f)) return 'has a slash';
  if (name.includes(0)) return 'has a NUL';
  const isDots = name[0] === 0x2e && (name.length === 1 || (name.length === 2 && name[1] === 0x2e));
  return isDots ? 'means another directory' : undefined;
}
