/** What the names of unfinished things begin with; a scan leaves them out. */
const TEMP_PREFIX = '.holdfast-tmp-';
const DIGITS = 7;

/** What the temporary names of one run begin with. Characters that could be no name, or a path, are taken out of `runId`. */
export function tempPrefix(runId: string): Buffer {
  return Buffer.from(`${TEMP_PREFIX}${runId.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}-`, 'latin1');
}

/** The temporary name of this number, with a zero byte behind it. */
export function tempName(prefix: Uint8Array, number: number): Buffer {
  const name = Buffer.alloc(prefix.length + DIGITS + 1);
  name.set(prefix);
  name.write(number.toString(36).padStart(DIGITS, '0'), prefix.length, 'latin1');
  return name;
}

/** Whether a name, as a string, is one that a run gave to something unfinished. */
export function isTempName(name: string): boolean {
  return name.startsWith(TEMP_PREFIX);
}
