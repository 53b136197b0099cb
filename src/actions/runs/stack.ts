/**
 * Where in an action's code an error was thrown, by its stack. The service keeps the code in a file `webtask.js` in a
 * folder of its own for each run, beside files of the runtime itself, packages and Node's own.
 */

/** Frames that are looked at: a stack may be as long as whoever threw the error likes. */
const MOST_LINES = 200;
/** Longer than any path that means something. */
const LONGEST_LINE = 2000;

interface Frame {
  readonly caller: string;
  readonly file: string;
  readonly line: number;
}

/** The lines of a stack, and for each the line of the code (from 1) that it is about. `file` is where the code lies, where that is known. */
export function stackLines(stack: string, code: string, file?: string): readonly { readonly text: string; readonly line?: number }[] {
  const count = linesOf(code).length;
  const texts = linesOf(stack).slice(0, MOST_LINES);
  // A syntax error has its place in front, without more.
  const frames = texts.map((text, index) => (index === 0 && file !== undefined && text.startsWith(`${file}:`) ? { caller: '', file, line: Number(/^\d{1,7}$/u.exec(text.slice(file.length + 1))?.[0] ?? 0) } : readFrame(text)));
  const own = file ?? ownFile(frames);
  return texts.map((text, index) => {
    const frame = frames[index];
    return frame !== undefined && frame.file === own && frame.line >= 1 && frame.line <= count ? { text, line: frame.line } : { text };
  });
}

/** The line of the code (from 1) on which an error was thrown; nothing where its stack does not say. */
export function lineOfError(stack: string, code: string, file?: string): number | undefined {
  return stackLines(stack, code, file).find(({ line }) => line !== undefined)?.line;
}

/** Lines of a text, whatever ends them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/u);
}

/** `at caller (file:line:column)` or `at file:line`. */
function readFrame(text: string): Frame | undefined {
  const [, rest = ''] = text.length > LONGEST_LINE ? [] : /^\s*at (.+)$/u.exec(text) ?? [];
  const [, caller = '', inside] = /^(.*?) ?\(([^()]+)\)$/u.exec(rest) ?? [];
  const [, file, line] = /^(?:async )?(.+?):(\d{1,7})(?::\d{1,7})?$/u.exec(inside ?? rest) ?? [];
  return file === undefined || /^node:|[/\\]node_modules[/\\]/u.test(file) ? undefined : { caller, file, line: Number(line) };
}

/** The file that holds the action's code: the one of its handler, or one that is called as such files are. */
function ownFile(frames: readonly (Frame | undefined)[]): string | undefined {
  const found = frames.find(frame => /(?:^|[ .])on(?:Execute|Continue)[A-Z]\w*$/u.test(frame?.caller ?? ''))
    ?? frames.find(frame => /(?:^|[/\\])(?:webtask|index)\.js$/u.test(frame?.file ?? ''));
  return found?.file;
}
