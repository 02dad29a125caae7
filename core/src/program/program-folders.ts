import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ProgramFolders } from '../tasks/tokens.ts';

/**
 * The folders of a program. State: `$XDG_STATE_HOME/holdfast`, or below `~/.local/state` (XDG Base Directory Specification). Scratch:
 * `$TMPDIR`, else /var/tmp on Linux, which is on a disk where /tmp may be memory (hier(7)).
 */
export function programFolders(environment: (name: string) => string | undefined, platform: NodeJS.Platform): ProgramFolders {
  const chosen = environment('XDG_STATE_HOME');
  const base = chosen !== undefined && isAbsolute(chosen) ? chosen : join(environment('HOME') ?? homedir(), '.local', 'state');
  const temporary = environment('TMPDIR') ?? '';
  return { state: join(base, 'holdfast'), scratch: temporary !== '' ? temporary : platform === 'linux' ? '/var/tmp' : tmpdir() };
}
