import { textWidth } from './text-width.ts';

/** Breaks text between words into lines of at most `width` cells, each after `indent`; line breaks in the text stay. A longer word has a line of its own. */
export function wrapText(text: string, width: number, indent = ''): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width, indent));
}

function wrapLine(line: string, width: number, indent: string): string[] {
  const own = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(/ +/)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && textWidth(indent + own + longer) > width) {
      lines.push(indent + own + current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current === '' ? '' : indent + own + current];
}
