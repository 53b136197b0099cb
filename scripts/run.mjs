#!/usr/bin/env node
// Start of every npm script: `node scripts/run.mjs <task> [args]`. It makes sure that Node 24 and the locked dependencies are there,
// then runs scripts/tasks/<task>.ts with them. Built-ins only, and a syntax Node 18 reads: it has to work before anything is installed.
// What it has to say goes to stderr, so that a task's stdout stays the task's own.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureNode } from './lib/node24.mjs';
import { findNpm } from './lib/npm.mjs';
import { withPathFirst } from './lib/env.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tasks = readdirSync(join(root, 'scripts', 'tasks')).filter(name => name.endsWith('.ts')).map(name => name.slice(0, -3)).sort();
const [task = '', ...args] = process.argv.slice(2);

try {
  if (!tasks.includes(task)) {
    fail(`${task ? `There is no task "${task}". ` : ''}Tasks: ${tasks.join(', ')}`);
  }
  const npm = findNpm();
  const node = await ensureNode(root, npm);
  const env = withPathFirst(process.env, dirname(node));
  env.npm_execpath = npm;
  await ensureDependencies(root, node, npm, env);
  runTask(node, env);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

/** Hands over: the task owns the terminal, and its end is this script's end. */
function runTask(node, env) {
  const file = join(root, 'scripts', 'tasks', `${task}.ts`);
  // Node 24.0 still calls its type stripping experimental.
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file, ...args], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.kill(signal));
  }
  // npm that is told to end does not tell its scripts: whoever started this is gone, so that nobody waits for it.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      child.kill('SIGTERM');
    }
  }, 300).unref();
  child.on('error', error => fail(`The task could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return;
    }
    process.exit(code ?? 1);
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
