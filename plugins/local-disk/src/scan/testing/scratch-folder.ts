import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for one test, and paths in it as bytes. Removed by `rm`, which copes with trees that are deeper than a path is long. */
export class ScratchFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'hf-scan-'));

  /** A path in the folder; a string is taken for UTF-8. */
  at(...names: readonly (string | Uint8Array)[]): Buffer {
    return Buffer.concat([
      Buffer.from(this.path),
      ...names.flatMap((name) => [Buffer.from('/'), Buffer.from(name as Uint8Array)]),
    ]);
  }

  makeDirectory(...names: readonly (string | Uint8Array)[]): Buffer {
    const path = this.at(...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  [Symbol.dispose](): void {
    execFileSync('rm', ['-rf', this.path]);
  }
}
