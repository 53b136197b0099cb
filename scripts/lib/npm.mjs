// Running npm from scripts: where it is, and failures as one line that says what to do.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

const NETWORK = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|E40[137]|E50[0-9]|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|CERT_[A-Z_]+|ENOTCACHED)\b/;

/** npm's own script. `npm run` names it; called without npm, it lies next to a Node on the path. */
export function findNpm() {
  const named = process.env.npm_execpath;
  if (named && basename(named) === 'npm-cli.js' && existsSync(named)) {
    return named;
  }
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? process.env.Path ?? '').split(delimiter)];
  for (const folder of folders.filter(Boolean)) {
    for (const inside of ['node_modules/npm/bin/npm-cli.js', '../lib/node_modules/npm/bin/npm-cli.js', '../share/nodejs/npm/bin/npm-cli.js']) {
      const file = join(folder, inside);
      if (existsSync(file)) {
        return realpathSync(file);
      }
    }
  }
  throw new Error('npm was not found. Install Node.js with npm, then run the same command again.');
}

/** Runs npm quietly. `what` is what the person waits for; it is in the message when it fails. */
export async function runNpm(what, node, npm, args, { cwd, env = process.env }) {
  // `npm run --silent` hands its log level down; a failure of ours still has to name its reason.
  const all = [npm, ...args, '--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];
  const { code, output } = await new Promise((resolve, reject) => {
    const child = spawn(node, all, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', data => (text += data));
    child.stderr.on('data', data => (text += data));
    child.on('error', reject);
    child.on('close', exit => resolve({ code: exit, output: text }));
  });
  if (code === 0) {
    return;
  }
  const reason = NETWORK.exec(output);
  if (reason) {
    throw new Error(`${what} failed: the npm registry did not answer (${reason[1]}). Check the connection or the proxy, then run the same command again.`);
  }
  throw new Error(`${what} failed (npm ended with ${code}).\n${output.trim().split('\n').slice(-15).join('\n')}`);
}
