import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** What a reader needs in order to judge the figures. */
export function describeMachine(folder: string, holdfast: string): string {
  const [cpu] = cpus();
  const disk = firstLine('df', ['--output=fstype,source', folder], 1).trim().replace(/\s+/, ' on ');
  return [
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- Machine: ${cpus().length} processors (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${disk}, Linux ${release()}`,
    `- ${firstLine(holdfast, ['version'])} (${firstLine('git', ['-C', import.meta.dirname, 'rev-parse', '--short', 'HEAD'])}), Node.js ${process.version}, ${firstLine('rsync', ['--version']).split(/ {2}/).slice(0, 2).join(' ')}, ${firstLine('cp', ['--version'])}`,
    '',
  ].join('\n');
}

function firstLine(program: string, words: readonly string[], index = 0): string {
  return execFileSync(program, words, { encoding: 'utf8' }).split('\n')[index] ?? '';
}
