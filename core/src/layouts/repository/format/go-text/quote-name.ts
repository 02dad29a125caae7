import { decodeText } from '../../../../paths/rel-path.ts';
import { currentDialect, type TextDialect } from './text-dialect.ts';

const short: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

/** The bytes of a name as Go's strconv.Quote writes them, without its quotes: text that is valid and shows what is in it. */
export function quoteName(name: Uint8Array, dialect: TextDialect = currentDialect): string {
  const text = decodeText(name);
  return needsNoQuoting(text) ? text : Array.from(text, (character) => quoteCharacter(character, dialect)).join('');
}

function needsNoQuoting(text: string): boolean {
  return /^[ !#-[\]-~]*$/.test(text);
}

function quoteCharacter(character: string, dialect: TextDialect): string {
  const codePoint = character.codePointAt(0) as number;
  const escape = short.get(codePoint);
  if (escape !== undefined) return escape;
  // A byte that is part of no character, as `decodeText` writes it.
  if (codePoint >= 0xdc80 && codePoint <= 0xdcff) return `\\x${hex(codePoint - 0xdc00, 2)}`;
  if (dialect.isPrintable(codePoint)) return character;
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${hex(codePoint, 2)}`;
  return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
