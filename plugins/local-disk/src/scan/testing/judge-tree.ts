import { execFileSync } from 'node:child_process';

const FORMAT = ['%P', '%y', '%m', '%U', '%G', '%s', '%T@', '%C@', '%i', '%n', '%l', '%D'].map((field) => `${field}\\0`).join('');
const FIELDS = 12;
const KINDS: Readonly<Record<string, string>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'char-device',
  b: 'block-device',
};

/** What find(1) says is in a tree, in tree order, one line for each entry; names are latin1 text of their bytes. The independent judge of a scan. */
export function judgeTree(root: string): string[] {
  const output = execFileSync('find', [root, '-printf', FORMAT], { maxBuffer: 2 ** 30 }).toString('latin1');
  const fields = output.split('\0');
  const lines: { path: string[]; line: string }[] = [];
  for (let at = 0; at + FIELDS < fields.length; at += FIELDS) {
    const [path = '', type = '', mode, uid, gid, size, mtime, ctime, ino, nlink, target, device] = fields.slice(at, at + FIELDS);
    const isDirectory = type === 'd';
    const parts = [
      path,
      KINDS[type],
      mode,
      `${uid}:${gid}`,
      type === 'f' ? size : '0',
      nanoseconds(mtime),
      nanoseconds(ctime),
      ino,
      isDirectory ? '0' : nlink,
      target,
      device,
    ];
    lines.push({ path: path === '' ? [] : path.split('/'), line: parts.join('|') });
  }
  return lines.sort((left, right) => compareSegments(left.path, right.path)).map(({ line }) => line);
}

/** Code units of latin1 text are the bytes, so comparing text compares bytes. */
function compareSegments(left: readonly string[], right: readonly string[]): number {
  for (const [index, segment] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (segment !== other) return segment < other ? -1 : 1;
  }
  return left.length - right.length;
}

function nanoseconds(seconds = ''): string {
  const [whole = '', fraction = ''] = seconds.split('.');
  return `${whole}.${fraction.slice(0, 9).padEnd(9, '0')}`;
}
