// How a task ends: an error is a line on stderr and exit code 1.

/** An error whose message says everything; its stack would only hide that. */
export class PlainError extends Error {}

/** Runs a task's body. */
export function main(body: () => Promise<void>): void {
  body().catch((error: unknown) => {
    process.stderr.write(`${error instanceof PlainError ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exitCode = 1;
    // Whatever still keeps the process alive belongs to a task that failed.
    setTimeout(() => process.exit(1), 500).unref();
  });
}
