import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the configuration is: `$XDG_CONFIG_HOME/holdfast/config.json`, or below `~/.config` (XDG Base Directory Specification, which
 * says to ignore a relative path). `environment` answers for a variable.
 */
export function configPath(environment: (name: string) => string | undefined): string {
  const chosen = environment('XDG_CONFIG_HOME');
  const base = chosen !== undefined && isAbsolute(chosen) ? chosen : join(environment('HOME') ?? homedir(), '.config');
  return join(base, 'holdfast', 'config.json');
}
