const kindLetters: Readonly<Record<string, string>> = {
  'directory': 'd',
  'symlink': 'l',
  'fifo': 'p',
  'socket': 's',
  'char-device': 'c',
  'block-device': 'b',
};

/** Kind and permission bits as ls(1) shows them: `drwxr-xr-x`, `-rwsr-xr-t`. Question marks where the mode is unknown. */
export function formatMode(kind: string, mode: number | undefined): string {
  const letter = kindLetters[kind] ?? '-';
  if (mode === undefined) return `${letter}?????????`;
  const bits = [...'rwxrwxrwx'].map((each, index) => ((mode >> (8 - index)) & 1 ? each : '-'));
  const special = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const;
  for (const [bit, at, mark] of special) {
    if ((mode & bit) !== 0) bits[at] = bits[at] === 'x' ? mark : mark.toUpperCase();
  }
  return letter + bits.join('');
}
