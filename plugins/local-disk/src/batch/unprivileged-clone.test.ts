import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelPath } from '@holdfast/core/plugin';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WorkerPool } from '../workers/worker-pool.ts';
import { cloneByBatch } from './testing/clone-by-batch.ts';

const NOBODY = '65534';
let base: string;
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), 'holdfast-nobody-'))));
afterEach(() => void execFileSync('rm', ['-rf', base]));

test.skipIf(process.getuid?.() !== 0)('who may not change owners copies all the rest, and says what was not kept', () => {
  const script = `
    mkdir from from/directory; cd from; echo mine > mine; echo roots > roots; echo secret > secret; echo x > directory/inside
    setfattr -n user.x -v 1 roots; setfattr -n trusted.x -v 1 roots; chmod 4755 roots; chmod 0600 secret; ln -s target link
    chown ${NOBODY}:${NOBODY} mine; chown -h 1234:1234 link; cd ..; mkdir to; chown ${NOBODY}:${NOBODY} to; chmod 755 .`;
  execFileSync('sh', ['-euc', script], { cwd: base });
  const program = new URL('./testing/clone-program.ts', import.meta.url).pathname;
  const asNobody = [
    '--reuid',
    NOBODY,
    '--regid',
    NOBODY,
    '--clear-groups',
    process.execPath,
    '--conditions=holdfast-source',
    program,
    'from',
    'to/copy',
  ];
  const { failures, notKept } = JSON.parse(execFileSync('setpriv', asNobody, { cwd: base, encoding: 'utf8' })) as {
    failures: Record<string, string>;
    notKept: Record<string, string[]>;
  };
  expect(failures).toEqual({ secret: 'access-denied' });
  expect(notKept).toEqual({
    '': ['owner'],
    'roots': ['owner', 'mode'],
    'directory': ['owner'],
    'directory/inside': ['owner'],
    'link': ['owner'],
  });
  const describe = (root: string): string =>
    execFileSync('sh', ['-c', 'find . ! -name secret -printf "%P %y %m %l\\n" | sort; getfattr -d roots; cat mine roots'], {
      cwd: join(base, root),
      encoding: 'utf8',
    });
  // A program that runs as root must not become one that runs as whoever copied it.
  expect(describe('to/copy')).toBe(describe('from').replace('roots f 4755', 'roots f 755'));
});

test.skipIf(process.getuid?.() !== 0)('a copy without owners gives no program the rights of root', async () => {
  execFileSync(
    'sh',
    [
      '-euc',
      `mkdir from from/shared; cp /bin/true from/program; chown ${NOBODY}:${NOBODY} from/program from/shared; chmod 6755 from/program from/shared`,
    ],
    { cwd: base },
  );
  await using pool = new WorkerPool(2);
  const { failures, results } = await cloneByBatch(join(base, 'from'), join(base, 'to'), pool, {
    preserve: { owner: false, xattrs: true },
  });
  expect(failures).toEqual(new Map());
  expect(results.get('program' as RelPath)?.notKept).toEqual(['mode']);
  expect(execFileSync('sh', ['-c', 'stat -c "%a %u" to/program to/shared'], { cwd: base, encoding: 'utf8' })).toBe(
    '755 0\n6755 0\n',
  );
});
