/** One escape of a Go string between double quotes (The Go Programming Language Specification, String literals). */
const escape = /\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
const letters: ReadonlyMap<string, number> = new Map(
  Object.entries({ 'a': 7, 'b': 8, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11, '\\': 92, '"': 34 }),
);

/**
 * The bytes that strconv.Unquote finds between two double quotes; undefined for what it refuses: a bare quote or line feed, an unknown
 * escape, an octal one above \377, a number that is no character. Bytes that are no UTF-8 but stand there bare are kept.
 */
export function unquoteName(quoted: Buffer): Buffer | undefined {
  if (quoted.includes(0x22) && !quoted.includes(0x5c)) return undefined;
  if (quoted.includes(0x0a)) return undefined;
  if (!quoted.includes(0x5c)) return quoted;
  const text = quoted.toString('latin1');
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = findSpecial(text, 0); at >= 0; at = findSpecial(text, from)) {
    escape.lastIndex = at;
    const bytes = decodeEscape(escape.exec(text));
    if (bytes === undefined) return undefined;
    parts.push(quoted.subarray(from, at), bytes);
    from = escape.lastIndex;
  }
  return Buffer.concat([...parts, quoted.subarray(from)]);
}

/** Where the next backslash is, or the next bare quote, at which no escape will be found. */
function findSpecial(text: string, from: number): number {
  const backslash = text.indexOf('\\', from);
  const quote = text.indexOf('"', from);
  return backslash < 0 || (quote >= 0 && quote < backslash) ? quote : backslash;
}

function decodeEscape(match: RegExpExecArray | null): Buffer | undefined {
  if (match === null) return undefined;
  const [, letter, byte, octal, short, long] = match;
  if (letter !== undefined) return Buffer.of(letters.get(letter) as number);
  if (byte !== undefined) return Buffer.of(Number.parseInt(byte, 16));
  if (octal !== undefined) return Number.parseInt(octal, 8) > 0xff ? undefined : Buffer.of(Number.parseInt(octal, 8));
  const codePoint = Number.parseInt(short ?? long ?? '', 16);
  const isCharacter = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
  return isCharacter ? Buffer.from(String.fromCodePoint(codePoint)) : undefined;
}
