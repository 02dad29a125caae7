/** A word as a shell takes it: quoted where it needs to be (POSIX Shell Command Language, 2.2.2). */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
