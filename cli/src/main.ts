/** Entry of the program: starts fast, so every verb is loaded only when it is called. */
if (process.argv[2] === 'version') {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  process.stdout.write(`holdfast ${manifest.version}\n`);
} else {
  process.stderr.write('Unknown command. Use: holdfast version\n');
  process.exitCode = 2;
}
