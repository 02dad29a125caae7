import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ESCAPE_BASE = 0xdc00;

/** Text of any bytes, lossless: what is not valid UTF-8 becomes U+DC00 + byte (PEP 383, surrogateescape). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeDamaged(bytes);
  }
}

/** The bytes of a text made by `decodeText`. */
export function encodeText(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const part of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff]+)/)) {
    const first = part.charCodeAt(0);
    const escaped = first >= 0xdc80 && first <= 0xdcff;
    parts.push(escaped ? Buffer.from(Array.from(part, (c) => c.charCodeAt(0) - ESCAPE_BASE)) : Buffer.from(part, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** Whether the bytes of `text` are valid UTF-8, so that it can be shown and sent as it is. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed();
}

/** A path from the bytes that a file system gave. Throws `name-not-allowed` for what is no RelPath. */
export function decodePath(bytes: Uint8Array): RelPath {
  return parseRelPath(decodeText(bytes));
}

export function encodePath(path: RelPath): Buffer {
  return encodeText(path);
}

/** Checks a text from outside: throws `name-not-allowed` for absolute paths, empty, `.` and `..` segments and NUL. */
export function parseRelPath(text: string): RelPath {
  if (text === '') return text as RelPath;
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.' || segment === '..' || segment.includes('\0')) {
      throw new HoldfastError('name-not-allowed', `"${text}" is not a path below a root: it has the segment "${segment}".`);
    }
  }
  return text as RelPath;
}

export const rootPath = '' as RelPath;

/** `name` below `parent`; `name` may have several segments. */
export function joinPath(parent: RelPath, name: string): RelPath {
  return (parent === '' ? name : name === '' ? parent : `${parent}/${name}`) as RelPath;
}

/** The directory that holds `path`; the root's is the root. */
export function parentPath(path: RelPath): RelPath {
  const slash = path.lastIndexOf('/');
  return (slash < 0 ? '' : path.slice(0, slash)) as RelPath;
}

/** The last segment; '' for the root. */
export function baseName(path: RelPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether `path` is `ancestor` or lies below it. */
export function isWithin(path: RelPath, ancestor: RelPath): boolean {
  return ancestor === '' || path === ancestor || (path.startsWith(ancestor) && path.charCodeAt(ancestor.length) === 47);
}

/** Tree order: segment by segment by encoded bytes. Negative, zero or positive. */
export function comparePaths(a: RelPath, b: RelPath): number {
  if (a === b) return 0;
  const left = a === '' ? [] : a.split('/');
  const right = b === '' ? [] : b.split('/');
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    if (left[i] !== right[i]) return Buffer.compare(encodeText(left[i] ?? ''), encodeText(right[i] ?? ''));
  }
  return left.length - right.length;
}

function decodeDamaged(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  while (start < bytes.length) {
    const length = validSequenceLength(bytes, start);
    text +=
      length === 0
        ? String.fromCharCode(ESCAPE_BASE + (bytes[start] ?? 0))
        : strict.decode(bytes.subarray(start, start + length));
    start += length === 0 ? 1 : length;
  }
  return text;
}

/** Bytes of the valid UTF-8 sequence at `at`, or 0. */
function validSequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length =
    lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
