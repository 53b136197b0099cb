/** What a secret of an action may be called and hold. Only what is certain not to work, or not to be meant, is refused. */

/** Characters, as the service counts them. */
export const LONGEST_SECRET_NAME = 128;
export const LONGEST_SECRET_VALUE = 4096;

export type SecretProblem =
  | 'noName'
  | 'nameTooLong'
  | 'nameCharacters'
  | 'noValue'
  | 'valueTooLong'
  /** What a tool was to replace by the value. */
  | 'placeholder';

/** `##NAME##` and `@@NAME@@` of auth0-deploy-cli, in whatever they stand, and what it writes where it exports an action. */
const PLACEHOLDER = /##[\w.-]+##|@@[\w.-]+@@|^_VALUE_NOT_SHOWN_$/u;

/** What is wrong with a name; `undefined` for a good one. The code reads it as `event.secrets[name]`. */
export function secretNameProblem(name: string): SecretProblem | undefined {
  if (name === '') {
    return 'noName';
  }
  if (characters(name) > LONGEST_SECRET_NAME) {
    return 'nameTooLong';
  }
  return /[\p{Cc}\p{Surrogate}]|^\s|\s$/u.test(name) ? 'nameCharacters' : undefined;
}

/** What is wrong with a value; `undefined` for a good one. */
export function secretValueProblem(value: string): SecretProblem | undefined {
  if (value === '') {
    return 'noValue';
  }
  if (characters(value) > LONGEST_SECRET_VALUE) {
    return 'valueTooLong';
  }
  return PLACEHOLDER.test(value.trim()) ? 'placeholder' : undefined;
}

export interface SecretsOfFile {
  /** Name -> value, in the file's order. */
  readonly values: ReadonlyMap<string, string>;
  readonly refused: readonly { readonly name: string; readonly problem: SecretProblem }[];
}

/** The variables of a `.env` file, those that can be secrets apart from those that cannot. */
export function secretsOfFile(variables: Readonly<Record<string, string | undefined>>): SecretsOfFile {
  const values = new Map<string, string>();
  const refused: { name: string; problem: SecretProblem }[] = [];
  for (const [name, value = ''] of Object.entries(variables)) {
    const problem = secretNameProblem(name) ?? secretValueProblem(value);
    if (problem === undefined) {
      values.set(name, value);
    } else {
      refused.push({ name, problem });
    }
  }
  return { values, refused };
}

function characters(text: string): number {
  return Array.from(text).length;
}
