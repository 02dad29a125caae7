// East Asian wide and full-width characters and emoji take two cells (UAX #11), marks that combine take none.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const combining = /\p{Mark}/u;
const onlyAscii = /^[\u0020-\u007e]*$/;

/** Cells that a text without control characters takes on a terminal. */
export function textWidth(text: string): number {
  if (onlyAscii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += cells(character);
  return width;
}

/** The text in at most `width` cells, with `mark` where its start was cut off. */
export function keepEnd(text: string, width: number, mark = '…'): string {
  if (textWidth(text) <= width) return text;
  return mark + takeEnd(text, width - textWidth(mark));
}

/** The text in at most `width` cells, with `mark` where its end was cut off. */
export function keepStart(text: string, width: number, mark = '…'): string {
  if (textWidth(text) <= width) return text;
  const reversed = [...text].reverse().join('');
  return [...takeEnd(reversed, width - textWidth(mark))].reverse().join('') + mark;
}

function takeEnd(text: string, width: number): string {
  const characters = [...text];
  let start = characters.length;
  for (let left = width; start > 0; start--) {
    left -= cells(characters[start - 1] ?? '');
    if (left < 0) break;
  }
  return characters.slice(start).join('');
}

function cells(character: string): number {
  return combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
}
