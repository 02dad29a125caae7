import { printableIn15, printableSince13 } from './printable-ranges.ts';

const bounds15 = readBounds(printableIn15);
const boundsSince13 = readBounds(printableSince13);

/** strconv.IsPrint of Go 1.21 and later (Unicode 15.0), which the JavaScript engine's own newer tables would not give. */
export function isPrintable(codePoint: number): boolean {
  return codePoint < 0x7f ? codePoint >= 0x20 : isWithin(bounds15, codePoint);
}

/** The same of Go 1.16 to 1.20 (Unicode 13.0). */
export function isPrintableIn13(codePoint: number): boolean {
  return isPrintable(codePoint) && !isWithin(boundsSince13, codePoint);
}

/** Where ranges begin and end, in turn. */
function readBounds(table: string): Uint32Array {
  let at = 0;
  return Uint32Array.from(table.split(' '), (number) => (at += Number.parseInt(number, 36)));
}

function isWithin(bounds: Uint32Array, codePoint: number): boolean {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) <= codePoint) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
