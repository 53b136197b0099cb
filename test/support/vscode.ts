// As much of the `vscode` module as drawing needs: values and small classes, nothing that reaches an editor. Names and behaviour are VS Code's.

type Listener<T> = (event: T) => unknown;
interface Disposable { dispose(): void }

export const l10n = {
  /** Placeholders are `{0}` for arguments and `{name}` for the properties of one object. */
  t(message: string | { message: string; args?: unknown }, ...args: unknown[]): string {
    const text = typeof message === 'string' ? message : message.message;
    const given: unknown = typeof message === 'string' ? args : message.args ?? [];
    const first: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
    const values = (typeof first === 'object' && first !== null ? first : given) as Record<string, unknown>;
    return text.replace(/\{(\w+)\}/g, (placeholder, key: string) => key in values ? String(values[key]) : placeholder);
  },
};

export const env = { language: 'en' };

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>, thisArg?: unknown): Disposable => {
    const bound: Listener<T> = event => listener.call(thisArg, event);
    this.listeners.add(bound);
    return { dispose: () => void this.listeners.delete(bound) };
  };
  fire(event: T): void {
    for (const listener of [...this.listeners]) {
      listener(event);
    }
  }
  dispose(): void {
    this.listeners.clear();
  }
}

/** As far as it can be decoded. */
function percentDecoded(part = ''): string {
  return part.replace(/(?:%[0-9a-z]{2})+/gi, bytes => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes.slice(0, 3) + percentDecoded(bytes.slice(3));
    }
  });
}

interface UriParts { scheme: string; authority: string; path: string; query: string; fragment: string }

export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;

  private constructor(parts: Partial<UriParts>) {
    this.scheme = parts.scheme ?? '';
    this.authority = parts.authority ?? '';
    this.path = parts.path ?? '';
    this.query = parts.query ?? '';
    this.fragment = parts.fragment ?? '';
  }
  static parse(text: string, strict = false): Uri {
    const [, scheme = strict ? '' : 'file', ...rest] = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?/.exec(text) ?? [];
    const [authority = '', path = '', query = '', fragment = ''] = rest.map(percentDecoded);
    if (!/^\w[\w.+-]*$/.test(scheme) || (authority === '' && path.startsWith('//'))) {
      throw new Error(`[UriError]: ${text}`);
    }
    return new Uri({ scheme, authority, path, query, fragment });
  }
  static from(parts: Partial<UriParts>): Uri {
    return new Uri(parts);
  }
  static file(path: string): Uri {
    return new Uri({ scheme: 'file', path: path.startsWith('/') ? path : `/${path}` });
  }
  static joinPath(base: Uri, ...segments: string[]): Uri {
    return base.with({ path: [base.path.replace(/\/$/, ''), ...segments].join('/') });
  }
  get fsPath(): string {
    return this.path;
  }
  with(change: Partial<UriParts>): Uri {
    return new Uri({ scheme: this.scheme, authority: this.authority, path: this.path, query: this.query, fragment: this.fragment, ...change });
  }
  toString(): string {
    const encoded = (part: string): string => part.split('/').map(encodeURIComponent).join('/');
    const authority = this.authority || this.scheme === 'file' ? `//${encodeURIComponent(this.authority).toLowerCase()}` : '';
    return `${this.scheme}:${authority}${encoded(this.path)}${this.query && `?${encodeURIComponent(this.query)}`}${this.fragment && `#${encodeURIComponent(this.fragment)}`}`;
  }
  toJSON(): UriParts {
    return { scheme: this.scheme, authority: this.authority, path: this.path, query: this.query, fragment: this.fragment };
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  static readonly File = new ThemeIcon('file');
  static readonly Folder = new ThemeIcon('folder');
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

export class MarkdownString {
  value: string;
  supportThemeIcons: boolean;
  supportHtml = false;
  isTrusted: boolean | { enabledCommands: readonly string[] } = false;
  constructor(value = '', supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }
  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&').replace(/\n/g, '\n\n');
    return this;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendCodeblock(code: string, language = ''): this {
    this.value += `\n\`\`\`${language}\n${code}\n\`\`\`\n`;
    return this;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;

export class TreeItem {
  label?: unknown;
  resourceUri?: Uri;
  collapsibleState: number;
  [property: string]: unknown;
  constructor(labelOrUri: unknown, collapsibleState: number = TreeItemCollapsibleState.None) {
    if (labelOrUri instanceof Uri) {
      this.resourceUri = labelOrUri;
    } else {
      this.label = labelOrUri;
    }
    this.collapsibleState = collapsibleState;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(...place: [start: Position, end: Position] | [startLine: number, startCharacter: number, endLine: number, endCharacter: number]) {
    [this.start, this.end] = place.length === 2 ? place : [new Position(place[0], place[1]), new Position(place[2], place[3])];
  }
  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 } as const;

export class Diagnostic {
  range: Range;
  message: string;
  severity: number;
  source?: string;
  code?: unknown;
  constructor(range: Range, message: string, severity: number = DiagnosticSeverity.Error) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}

export class CancellationTokenSource {
  private readonly cancelled = new EventEmitter<undefined>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.cancelled.event };
  cancel(): void {
    if (!this.token.isCancellationRequested) {
      this.token.isCancellationRequested = true;
      this.cancelled.fire(undefined);
    }
  }
  dispose(): void {
    this.cancelled.dispose();
  }
}

export class CancellationError extends Error {}

export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 } as const;

/** A test says what is set and installed, what a command does, and where problems go. */
export const workspace = {};
export const languages = {};
export const commands = {};
export const extensions = {};

/** Nobody sits before it: a test sets what is open, and a question would not be there. */
export const window: { activeTextEditor: unknown; createOutputChannel?: unknown } = { activeTextEditor: undefined };
