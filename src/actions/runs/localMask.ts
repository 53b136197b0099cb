/**
 * Takes the values of secrets out of what a run says: as they are, as JSON and `util.inspect` write them, line by line
 * where they have several, and as much as is left of one where a text was cut.
 */

/** Shorter ones are common words. */
const SHORTEST_SECRET = 4;
/** Of a part of one. */
const SHORTEST_PART = 8;
/** Longer texts were cut by whoever says them. */
export const LONGEST_LINE = 4000;

/** Where a text says that it was cut: at its end by us, at the end of a string by `util.inspect`. */
const CUT = /…$|['"`]\.\.\. \d+ more characters?/gu;

export class SecretMask {
  /** What is looked for and what stands for it, the longest first, since one may be a part of another. */
  readonly #forms: readonly (readonly [form: string, shown: string])[];

  constructor(secrets: Readonly<Record<string, string>>) {
    const forms = Object.entries(secrets).filter(([, secret]) => secret.length >= SHORTEST_SECRET).flatMap(([name, secret]) => {
      const parts = [secret.trim(), ...secret.split(/[\r\n]+/u).map(line => line.trim())].filter(part => part.length >= SHORTEST_PART);
      return formsOf([secret, ...parts]).map(form => [form, `«${name}»`] as const);
    });
    this.#forms = forms.sort(([a], [b]) => b.length - a.length);
  }

  /** A text without the values. `isCut`: it may end in the middle of one. */
  text(text: string, isCut = text.length >= LONGEST_LINE): string {
    let whole = '';
    let from = 0;
    // Before the rest: of a value with several lines, the last may be too short to be found by itself.
    for (const { 0: mark, index } of text.matchAll(CUT)) {
      whole += this.#withoutBegun(text.slice(from, index)) + mark;
      from = index + mark.length;
    }
    const last = text.slice(from);
    return this.#forms.reduce((rest, [form, shown]) => rest.replaceAll(form, shown), whole + (isCut ? this.#withoutBegun(last) : last));
  }

  /** How many characters at the end of a text may be the beginning of a value that goes on in the next one. */
  begun(text: string): number {
    return Math.max(0, ...this.#forms.map(([form]) => overlap(text, form)));
  }

  #withoutBegun(text: string): string {
    const length = this.begun(text);
    const shown = this.#forms.find(([form]) => overlap(text, form) === length)?.[1] ?? '';
    return length < SHORTEST_SECRET ? text : `${text.slice(0, -length)}${shown}`;
  }
}

/** The length of the longest end of a text with which a form begins, without being there as a whole. */
function overlap(text: string, form: string): number {
  for (let length = Math.min(text.length, form.length - 1); length > 0; length -= 1) {
    if (text.endsWith(form.slice(0, length))) {
      return length;
    }
  }
  return 0;
}

/** Values as they are, as they are written in a string, and as that is written in another one. */
function formsOf(values: readonly string[]): readonly string[] {
  const once = [...values, ...values.flatMap(escaped)];
  return [...new Set([...once, ...once.flatMap(escaped)])];
}

/** As JSON writes a text, and as `util.inspect` does, in whichever quotes. */
function escaped(text: string): readonly string[] {
  const inspected = text.replace(/[\u0000-\u001f\u007f-\u009f\\]|\p{Surrogate}/gu, inspectedCharacter);
  return [JSON.stringify(text).slice(1, -1), inspected, inspected.replaceAll("'", "\\'")];
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };

function inspectedCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase();
  return SHORT_ESCAPES[character] ?? (code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`);
}
