/** npm's own script. */
export function findNpm(): string;
/** Runs npm quietly. `what` is what the person waits for; it is in the message when it fails. */
export function runNpm(what: string, node: string, npm: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<void>;
