import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ProgramFolders } from '../tasks/tokens.ts';

/**
 * The folders of a program. State: `$XDG_STATE_HOME/holdfast`, or below `~/.local/state` (XDG Base Directory Specification). Cache:
 * `$XDG_CACHE_HOME/holdfast`, or below `~/.cache`. Scratch: `$TMPDIR`, else /var/tmp on Linux, which is on a disk where /tmp may be memory
 * (hier(7)).
 */
export function programFolders(environment: (name: string) => string | undefined, platform: NodeJS.Platform): ProgramFolders {
  const home = environment('HOME') ?? homedir();
  const folder = (name: string, fallback: string): string => {
    const chosen = environment(name);
    return join(chosen !== undefined && isAbsolute(chosen) ? chosen : join(home, fallback), 'holdfast');
  };
  const temporary = environment('TMPDIR') ?? '';
  return {
    state: folder('XDG_STATE_HOME', '.local/state'),
    cache: folder('XDG_CACHE_HOME', '.cache'),
    scratch: temporary !== '' ? temporary : platform === 'linux' ? '/var/tmp' : tmpdir(),
  };
}
