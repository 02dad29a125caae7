/** Checks what no other tool does: file sizes, file names, words and the lock file. Prints a line for each fault; exits with 1 when there is one. */
import { checkFileNames } from './sources/file-names.ts';
import { checkHouseWords } from './sources/house-words.ts';
import { checkLockFile } from './sources/lock-file.ts';
import { checkSizes } from './sources/size-budget.ts';
import { readSourceFiles } from './sources/source-files.ts';

const folder = process.cwd();
const files = readSourceFiles(folder);
const faults = [...checkSizes(files), ...checkFileNames(files), ...checkHouseWords(files), ...checkLockFile(folder)];
for (const fault of faults) console.log(fault);
if (faults.length > 0) process.exitCode = 1;
