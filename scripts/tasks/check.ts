// `npm run check`: types, lint and generated files, side by side. ESLint's cache is left off on purpose: it keeps a file's result while the
// file stays the same, although a type it uses may have changed elsewhere.
import { join } from 'node:path';
import { main } from '../lib/main.ts';
import { runNode } from '../lib/processes.ts';
import { root } from '../lib/project.ts';

const tool = (...path: string[]): string => join(root, 'node_modules', ...path);
const tsc = tool('typescript', 'bin', 'tsc');

const checks: readonly (readonly [string, readonly string[]])[] = [
  ['lint', [tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0']],
  ['types', [tsc, '-p', 'tsconfig.json', '--pretty', 'false']],
  ['types of the pure folders', [tsc, '-p', 'tsconfig.pure.json', '--pretty', 'false']],
  ['generated files', [join(root, 'scripts', 'tasks', 'generate.ts'), '--check']],
];

main(async () => {
  const results = await Promise.all(checks.map(async ([name, args]) => {
    const start = Date.now();
    const { code, output } = await runNode(args, { cwd: root, capture: true });
    const failed = code !== 0;
    process.stdout.write(`${failed ? '✗' : '✓'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)\n${failed ? `${output.trim()}\n\n` : ''}`);
    return failed;
  }));
  const failures = results.filter(Boolean).length;
  if (failures > 0) {
    process.stdout.write(`${failures} of ${results.length} checks failed\n`);
    process.exitCode = 1;
  }
});
