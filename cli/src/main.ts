/** Entry of the program. The version is told at once; everything else is loaded when it is asked for. */
const words = process.argv.slice(2);
if (words.length === 1 && ['version', '--version', '-V'].includes(words[0] ?? '')) {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  process.stdout.write(`holdfast ${manifest.version}\n`);
} else {
  const { runProgram } = await import('./program/run-program.ts');
  process.exitCode = await runProgram(words);
}
