import { currentDialect, type TextDialect } from './text-dialect.ts';

const short: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
const shortSince122: ReadonlyMap<string, string> = new Map([...short, ['\b', '\\b'], ['\f', '\\f']]);
const plain = /^[ !#-%'-;=?-[\]-~]*$/;
/** What encoding/json escapes with HTML escaping on, and halves of pairs that stand alone. Both classes are the same in all versions of Unicode. */
const special = /["\\<>&\u2028\u2029]|(?![\x7f-\x9f])\p{Cc}|\p{Cs}/gu;

/**
 * A text as Go's encoding/json writes it, quotes included. Halves of pairs, which is how core and `decodeJsonString` write bytes that
 * are no characters, become the escape of U+FFFD.
 */
export function quoteJson(text: string, dialect: TextDialect = currentDialect): string {
  if (plain.test(text)) return `"${text}"`;
  const letters = dialect.hasShortEscapes ? shortSince122 : short;
  return `"${text.replace(special, (character) => letters.get(character) ?? escapeUnit(character))}"`;
}

function escapeUnit(character: string): string {
  const unit = character.charCodeAt(0);
  return unit >= 0xd800 && unit <= 0xdfff ? '\\ufffd' : `\\u${unit.toString(16).padStart(4, '0')}`;
}
