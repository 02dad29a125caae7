const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * U+DC00 alone: a byte of which the writer could only say that it was none of a character. Go writes the escape for U+FFFD there, and
 * U+FFFD itself where a text has it, so this keeps the two apart. As UTF-8 it is U+FFFD, as Go reads it.
 */
const UNKNOWN_BYTE = '\udc00';

const short: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(([letter, text]) => [
    letter.charCodeAt(0),
    text,
  ]),
);

/** The text of the bytes between a JSON string's quotes; undefined for a wrong escape and for what is not UTF-8. */
export function decodeJsonString(bytes: Buffer): string | undefined {
  const text = decodeStrictly(bytes);
  if (text?.includes('\\') !== true) return text;
  let decoded = '';
  let from = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
    decoded += text.slice(from, at);
    const plain = short.get(text.charCodeAt(at + 1));
    const escaped = plain ?? decodeUnit(text.slice(at + 1, at + 6));
    if (escaped === undefined) return undefined;
    // It must not make a pair with half of one.
    if (escaped === UNKNOWN_BYTE) decoded = decoded.replace(/[\ud800-\udbff]$/, UNKNOWN_BYTE);
    decoded += escaped;
    from = at + (plain === undefined ? 6 : 2);
  }
  return markLone(decoded + text.slice(from));
}

function decodeStrictly(bytes: Buffer): string | undefined {
  // Most strings are short and ASCII, for which a call into the decoder costs more than the whole.
  if (bytes.length < 48 && isAscii(bytes)) return bytes.toString('latin1');
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeUnit(escape: string): string | undefined {
  if (!/^u[0-9a-fA-F]{4}$/.test(escape)) return undefined;
  const unit = Number.parseInt(escape.slice(1), 16);
  return unit === 0xfffd ? UNKNOWN_BYTE : String.fromCharCode(unit);
}

/** Halves of pairs that have lost the other one stand for nothing. */
function markLone(text: string): string {
  if (text.isWellFormed()) return text;
  return Array.from(text, (character) => (character.isWellFormed() ? character : UNKNOWN_BYTE)).join('');
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}
